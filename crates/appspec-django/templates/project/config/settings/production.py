"""Production: HTTPS only, every secret from the environment, no default for any of them."""

from config.database import tuned
from config.env import Stage, load
from config.settings.base import *

environment = load(Stage.PRODUCTION)
{%- if has_own %}
ENVIRONMENT = environment
{%- endif %}

DEBUG = False
SECRET_KEY = environment.django_secret_key
ALLOWED_HOSTS = environment.django_allowed_hosts
DATABASES = {"default": tuned(environment.database_url, environment.database_statement_timeout)}
LOGGING["root"]["level"] = environment.django_log_level
{%- if let Some(origins) = origins %}
{{ origins }}
CSRF_TRUSTED_ORIGINS = CORS_ALLOWED_ORIGINS
{%- endif %}
{%- if has_files %}
MEDIA_ROOT = environment.django_media_root
{%- endif %}

{%- if let Some(mail) = mail %}

mail = environment.{{ mail.url.field }}
EMAIL_HOST, EMAIL_PORT = mail.host, mail.port
EMAIL_HOST_USER = mail.user
EMAIL_HOST_PASSWORD = mail.password
EMAIL_USE_TLS = mail.use_starttls
EMAIL_USE_SSL = mail.use_tls
EMAIL_TIMEOUT = mail.timeout
DEFAULT_FROM_EMAIL = {% if let Some(from) = mail.from %}environment.{{ from.field }}{% else %}f"no-reply@{ALLOWED_HOSTS[0]}"{% endif %}
{%- endif %}

# The proxy in front must set this header itself and drop the one that a client sends.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
# A probe on the same machine speaks plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = environment.django_hsts_seconds
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

# The prefix makes a browser refuse the cookie unless this host set it, over HTTPS.
SESSION_COOKIE_NAME = "__Host-sessionid"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True

# Nothing else is known to serve the static files, so the project does it itself.
MIDDLEWARE = [MIDDLEWARE[0], "whitenoise.middleware.WhiteNoiseMiddleware", *MIDDLEWARE[1:]]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
{%- if has_access %}

# The proxy in front says where a request comes from.
REST_FRAMEWORK["NUM_PROXIES"] = 1
{%- if has_auth %}
ALLAUTH_TRUSTED_PROXY_COUNT = 1
{%- endif %}
{%- endif %}
