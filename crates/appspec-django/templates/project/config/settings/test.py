"""Tests: in memory and fast, or on the database that DATABASE_URL names. Never reads .env."""

from config.database import tuned, unheeded_checks
from config.env import Stage, load
from config.settings.base import *

environment = load(Stage.TEST)
{%- if has_own %}
ENVIRONMENT = environment
{%- endif %}

SECRET_KEY = environment.django_secret_key
ALLOWED_HOSTS = environment.django_allowed_hosts
DATABASES = {"default": tuned(environment.database_url, environment.database_statement_timeout)}
SILENCED_SYSTEM_CHECKS = unheeded_checks(DATABASES["default"])
LOGGING["root"]["level"] = environment.django_log_level
{%- if let Some(origins) = origins %}
{{ origins }}
CSRF_TRUSTED_ORIGINS = CORS_ALLOWED_ORIGINS
{%- endif %}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Hashing that is slow on purpose would be most of the tests' time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
{%- if has_access %}

# Tests ask faster than people do.
REST_FRAMEWORK["DEFAULT_THROTTLE_CLASSES"] = []
{%- if has_auth %}
ACCOUNT_RATE_LIMITS = False
{%- endif %}
{%- endif %}
