"""Development: runs as it is, on SQLite. What .env sets is used instead of the defaults."""

from config.database import tuned, unheeded_checks
from config.env import Stage, load
from config.settings.base import *

environment = load(Stage.DEVELOPMENT)

DEBUG = True
SECRET_KEY = environment.secret_key
ALLOWED_HOSTS = environment.allowed_hosts
DATABASES = {"default": tuned(environment.database, environment.statement_timeout)}
SILENCED_SYSTEM_CHECKS = unheeded_checks(DATABASES["default"])
LOGGING["root"]["level"] = environment.log_level
{%- if has_files %}
MEDIA_ROOT = environment.media_root
{%- endif %}
