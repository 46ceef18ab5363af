"""Tests: in memory and fast, or on the database that DATABASE_URL names. Never reads .env."""

from config.database import tuned, unheeded_checks
from config.env import Stage, load
from config.settings.base import *

environment = load(Stage.TEST)

SECRET_KEY = environment.secret_key
ALLOWED_HOSTS = environment.allowed_hosts
DATABASES = {"default": tuned(environment.database, environment.statement_timeout)}
SILENCED_SYSTEM_CHECKS = unheeded_checks(DATABASES["default"])
LOGGING["root"]["level"] = environment.log_level
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Hashing that is slow on purpose would be most of the tests' time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
