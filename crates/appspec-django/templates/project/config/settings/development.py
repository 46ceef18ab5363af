"""Development: runs as it is, on SQLite. What .env sets is used instead of the defaults."""

from config.database import tuned, unheeded_checks
from config.env import Stage, load
from config.settings.base import *

environment = load(Stage.DEVELOPMENT)
{%- if has_own %}
ENVIRONMENT = environment
{%- endif %}

DEBUG = True
SECRET_KEY = environment.django_secret_key
ALLOWED_HOSTS = environment.django_allowed_hosts
DATABASES = {"default": tuned(environment.database_url, environment.database_statement_timeout)}
SILENCED_SYSTEM_CHECKS = unheeded_checks(DATABASES["default"])
LOGGING["root"]["level"] = environment.django_log_level
{%- if let Some(origins) = origins %}
{{ origins }}
CSRF_TRUSTED_ORIGINS = CORS_ALLOWED_ORIGINS
{%- endif %}
{%- if has_files %}
MEDIA_ROOT = environment.django_media_root
{%- endif %}
{%- if has_mail %}

# Mail is shown in the terminal.
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
{%- endif %}
