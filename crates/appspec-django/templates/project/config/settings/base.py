"""Settings that every stage shares. Nothing here depends on the environment."""

from typing import Any

from csp.constants import NONE, SELF

from config.env import BASE_DIR

INSTALLED_APPS = [
    "config.apps.{% if has_access %}Staff{% else %}Superuser{% endif %}AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
{%- if has_origins %}
    "corsheaders",
{%- endif %}
{%- if has_access %}
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
{%- endif %}
{%- if auth.is_some() %}
    "allauth",
    "allauth.account",
    "allauth.headless",
{%- endif %}
    "core",
{%- for app in apps %}
    {{ app }},
{%- endfor %}
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
{%- if has_origins %}
    "corsheaders.middleware.CorsMiddleware",
{%- endif %}
    "core.middleware.NullCharacterMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
{%- if auth.is_some() %}
    "core.sessions.SessionMiddleware",
{%- endif %}
{%- for one in middleware %}
    {{ one }},
{%- endfor %}
{%- if auth.is_some() %}
    "core.signing_in.SignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
{%- endif %}
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = {{ user_model }}
{%- if has_access %}
AUTHENTICATION_BACKENDS = ["core.backends.RulesBackend"]
{%- endif %}
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": {% if let Some(auth) = auth %}{{ auth.password_length }}{% else %}12{% endif %}},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

{%- if let Some(auth) = auth %}

# People sign in with their address: /api/auth/ has what a front end needs for that.
ACCOUNT_ADAPTER = "core.signing_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_ENABLED = {% if auth.is_open() %}True{% else %}False{% endif %}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Codes that are typed need no page that a link could lead to.
ACCOUNT_EMAIL_VERIFICATION = "{% if auth.is_open() %}mandatory{% else %}none{% endif %}"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = {% if auth.is_open() %}True{% else %}False{% endif %}
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = {% if auth.has_code %}True{% else %}False{% endif %}
# Nobody learns whether an address has an account.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
HEADLESS_ONLY = True
# A browser keeps a cookie; an app, or a front end on another site, a token.
HEADLESS_CLIENTS = ("browser", "app")
# Where a mail leads that tells of an account which is there already.
HEADLESS_FRONTEND_URLS = dict.fromkeys(("account_signup", "account_reset_password"), "/")
SESSION_COOKIE_AGE = {{ auth.age }}
SESSION_IDLE = {{ auth.idle }}
{%- if let Some(mail) = mail %}
MAIL_WHEN_DOWN = {{ mail.when_down }}
{%- else %}
# The spec names no server for mail.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
{%- endif %}
{%- endif %}

LANGUAGE_CODE = {{ language }}
TIME_ZONE = {{ timezone }}
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
{%- if has_files %}

# Uploaded files are private: no web server may serve MEDIA_ROOT, only core.downloads reads it.
MEDIA_URL = "files/"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
{%- endif %}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
{%- if has_origins %}

# Each stage says which front ends are meant. The admin site is for none of them.
CORS_URLS_REGEX = r"^/(api{% if has_files %}|files{% endif %})/"
CORS_ALLOW_CREDENTIALS = True
CORS_ALLOW_HEADERS = ["accept", "content-type", "x-csrftoken", "x-session-token"]
CORS_EXPOSE_HEADERS = ["Retry-After"]
{%- endif %}

{% if has_access -%}
REST_FRAMEWORK: dict[str, Any] = {
{%- if auth.is_some() %}
    "DEFAULT_AUTHENTICATION_CLASSES": ["core.api.authentication.PersonAuthentication"],
{%- else %}
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
{%- endif %}
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "core.api.parsers.DocumentParser",
{%- if has_files %}
        "rest_framework.parsers.MultiPartParser",
{%- endif %}
    ],
    "DEFAULT_FILTER_BACKENDS": [
        "core.api.filters.ReadableFilterBackend",
        "core.api.filters.ReadableSearch",
        "core.api.filters.ReadableOrdering",
    ],
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.PagesOfRows",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "core.api.schema.RowSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "60/minute", "user": "600/minute"},
    # No parameter of the query chooses another format.
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "core.api.problems.answer_problem",
    # What a client says of where it comes from counts for nothing unless a proxy says it.
    "NUM_PROXIES": 0,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": {{ title }},
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,{%- if !choices.is_empty() %}
    "ENUM_NAME_OVERRIDES": {
{%- for (name, path) in choices %}
        {{ name }}: {{ path }},
{%- endfor %}
    },
{%- endif %}
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "core.api.schema.add_problems",
        "core.api.schema.describe_times",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

{% endif -%}
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Django's own handlers would write a second line here, and none in production.
        "django": {"handlers": [], "propagate": True},
    },
}
