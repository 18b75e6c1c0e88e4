"""Settings of the portal: a few typed helpers that fail loudly, then fixed sections.

Everything a deployment may change is an environment variable listed in docs/settings.md.
"""

import os
import secrets
from contextlib import suppress
from email.utils import parseaddr
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import django_stubs_ext
import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from cbmportal import postgres

# Lets annotations such as CharField[str, str] stand in class bodies.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]


def env_text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def env_flag(name: str) -> bool:
    value = env_text(name, "0").lower()
    if value not in ("0", "1", "true", "false"):
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value in ("1", "true")


def env_number(name: str, default: int) -> int:
    value = env_text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def env_list(name: str, default: list[str]) -> list[str]:
    return [part.strip() for part in env_text(name).split(",") if part.strip()] or default


def database(url: str) -> dict[str, Any]:
    """The DATABASES entry for a postgresql:// address; query parameters become connection options."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://.")
    options = dict(parse_qsl(parts.query))
    try:
        port = parts.port
    except ValueError:  # its text would quote part of an unescaped password
        raise ImproperlyConfigured(
            "The port in DATABASE_URL is no number; write special characters of the password as %23 and so on."
        ) from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": port or "",
        "OPTIONS": options,
    }


def local_secret() -> str:
    """The key of a development or demonstration checkout, made once and kept in its data folder."""
    file = postgres.data_folder() / "secret_key"
    if not file.exists():
        # Written aside and linked, so that of two first starts at once both read the same whole key.
        with NamedTemporaryFile("w", dir=file.parent) as made, suppress(FileExistsError):
            made.write(secrets.token_urlsafe(50))
            made.flush()
            os.link(made.name, file)
    return file.read_text()


# Deployment ----------------------------------------------------------------------------------------------

DEBUG = env_flag("DEBUG")
PORTAL_DEMO = env_flag("PORTAL_DEMO")
# An entry about a person is due for confirmation this long after the last one.
CONFIRMATION_DUE_DAYS = env_number("CONFIRMATION_DUE_DAYS", 365)
# How long after the end of a designation the personal data of the contact is kept.
PERSONAL_DATA_KEPT_DAYS = env_number("PERSONAL_DATA_KEPT_DAYS", 365)
# How long the link of an invitation opens anything.
INVITATION_DAYS = env_number("INVITATION_DAYS", 14)
# Officers and designating authorities must have a second factor; delegates if this says so.
DELEGATES_NEED_SECOND_FACTOR = env_flag("DELEGATES_NEED_SECOND_FACTOR")
# How long a state can look up who has read its entries.
READ_LOG_DAYS = env_number("READ_LOG_DAYS", 365)
# The largest scan of a signed note.
SCAN_MAX_BYTES = env_number("SCAN_MAX_BYTES", 10 * 1024**2)
ALLOWED_HOSTS = env_list("PORTAL_HOSTS", LOCAL_HOSTS)
PRODUCTION = not set(ALLOWED_HOSTS) <= set(LOCAL_HOSTS)
# Where the links in e-mails lead: an e-mail is written where no request says how the portal is reached.
PORTAL_ADDRESS = env_text(
    "PORTAL_ADDRESS",
    f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
    if PRODUCTION
    else f"http://localhost:{env_text('PORT', '8000')}",
).rstrip("/")
if (
    not PORTAL_ADDRESS.startswith("https://" if PRODUCTION else ("https://", "http://"))
    or "*" in PORTAL_ADDRESS
):
    raise ImproperlyConfigured(
        "PORTAL_ADDRESS must be the portal's own address, such as https://portal.example.org."
    )
DATABASE_URL = env_text("DATABASE_URL")
if PRODUCTION and not DATABASE_URL:
    raise ImproperlyConfigured(
        "The embedded PostgreSQL serves development and demonstration only: set DATABASE_URL."
    )
if PRODUCTION and not env_text("SECRET_KEY"):
    raise ImproperlyConfigured("SECRET_KEY must be set when PORTAL_HOSTS names a public host.")
SECRET_KEY = env_text("SECRET_KEY") or local_secret()
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS", [])
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if PRODUCTION else []
CSRF_FAILURE_VIEW = "cbmportal.pages.views.csrf_failed"
SESSION_ENGINE = "cbmportal.accounts.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
BEHIND_PROXY = env_flag("PORTAL_BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Attempts to sign in are counted by the address that the proxy names; without it all the world would be one.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "cbmportal.uploads.BoundedUploadHandler",
]

# Rooms -----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "cbmportal.accounts",
    "cbmportal.history",
    "cbmportal.drafts",
    "cbmportal.notices",
    "contacts",
    "policies",
    "measures",
    "cbmportal.pages",
    "cbmportal.api",
    "cbmportal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "guardian",
    "knox",
    "pghistory",
    "pgtrigger",
    "rest_framework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cbmportal.pages.middleware.CompressedPagesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cbmportal.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cbmportal.accounts.middleware.DeskLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cbmportal.drafts.middleware.InterruptedFormMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cbmportal.accounts.middleware.WholePageMiddleware",
    "contacts.access.sessions.ViewerMiddleware",
    "contacts.access.second_factor.SecondFactorMiddleware",
    "cbmportal.accounts.middleware.LastSeenMiddleware",
    "cbmportal.accounts.middleware.ReaderTimeZoneMiddleware",
    "cbmportal.accounts.middleware.PrivatePagesMiddleware",
]

ROOT_URLCONF = "cbmportal.urls"
WSGI_APPLICATION = "cbmportal.wsgi.application"
FORM_RENDERER = "cbmportal.pages.forms.PortalFormRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cbmportal.pages.context.portal",
            ],
        },
    },
]

# Database, history, permissions --------------------------------------------------------------------------

DATABASES = {"default": database(DATABASE_URL) if DATABASE_URL else postgres.embedded_database()}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
# Of one table for all processes: limits on attempts count in it. No page reads it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PGHISTORY_APPEND_ONLY = True
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_CONTEXT_ID_FIELD = pghistory.ContextUUIDField()
# The moment of the change itself: with NOW() all changes of one transaction would share its beginning.
PGHISTORY_CREATED_AT_FUNCTION = "CLOCK_TIMESTAMP()"

ANONYMOUS_USER_NAME = None
# guardian's backend knows no dates: has_perm() must not answer round contacts/access.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

# Accounts --------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["contacts.access.sessions.PortalBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "cbmportal.notices.account_mail.PostingAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = True
# The page that refuses says "five minutes": no limit is longer, but for the one that has words of its own.
ACCOUNT_RATE_LIMITS = {
    "login": "60/5m/ip",
    "login_failed": "30/5m/ip,5/5m/key",
    "login_failed_everywhere": "60/h/key",
    "request_login_code": "30/5m/ip,3/5m/key",
    "reset_password": "30/5m/ip,3/5m/key",
    "reset_password_from_key": "30/5m/ip",
    "change_password": "10/5m/user",
    "reauthenticate": "20/5m/user",
    "signup": "30/5m/ip",
}
ACCOUNT_FORMS = {
    "login": "cbmportal.accounts.sign_in.LoginForm",
    "request_login_code": "cbmportal.accounts.sign_in.RequestCodeForm",
    "confirm_login_code": "cbmportal.accounts.sign_in.ConfirmCodeForm",
    "reauthenticate": "cbmportal.accounts.sign_in.ReauthenticateForm",
    "reset_password": "cbmportal.accounts.sign_in.ResetPasswordForm",
    "reset_password_from_key": "cbmportal.accounts.sign_in.ResetPasswordKeyForm",
    "change_password": "cbmportal.accounts.sign_in.ChangePasswordForm",
    "set_password": "cbmportal.accounts.sign_in.SetPasswordForm",
}
MFA_ADAPTER = "cbmportal.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey replaces password and second factor, so it must ask for finger, face or PIN.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "CBM portal"
# One step of 30 seconds before and after: telephones' clocks are not exact.
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "60/5m/ip"}
MFA_FORMS = {
    "authenticate": "cbmportal.accounts.sign_in.SecondFactorForm",
    "authenticate_webauthn": "cbmportal.accounts.sign_in.SecondFactorPasskeyForm",
    "reauthenticate": "cbmportal.accounts.sign_in.ReauthenticateByCodeForm",
    "reauthenticate_webauthn": "cbmportal.accounts.sign_in.ReauthenticateByPasskeyForm",
    "login_webauthn": "cbmportal.accounts.sign_in.SignInPasskeyForm",
    "activate_totp": "cbmportal.accounts.sign_in.ActivateAppForm",
    "deactivate_totp": "cbmportal.accounts.sign_in.RemoveAppForm",
    "generate_recovery_codes": "cbmportal.accounts.sign_in.NewRecoveryCodesForm",
    "add_webauthn": "cbmportal.accounts.sign_in.AddPasskeyForm",
    "edit_webauthn": "cbmportal.accounts.sign_in.RenamePasskeyForm",
}
REST_KNOX = {"TOKEN_MODEL": "accounts.ApiToken", "AUTH_HEADER_PREFIX": "Token"}
# knox would make a table of its own that nothing uses; ours is accounts.ApiToken.
MIGRATION_MODULES = {"knox": None}
KNOX_TOKEN_MODEL = "accounts.ApiToken"  # noqa: S105
DEFAULT_FROM_EMAIL = env_text("PORTAL_FROM_EMAIL", "cbm-portal@example.org")
# Where readers write to the Technical Secretariat.
SECRETARIAT_EMAIL = env_text("PORTAL_SECRETARIAT_EMAIL", parseaddr(DEFAULT_FROM_EMAIL)[1])
# Where security.txt sends whoever finds a weakness: a mailto: or https: address.
SECURITY_CONTACT = env_text("PORTAL_SECURITY_CONTACT", f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}")
if not SECURITY_CONTACT.startswith(("mailto:", "https://")):
    raise ImproperlyConfigured("PORTAL_SECURITY_CONTACT must begin with mailto: or https://.")
MAIL_BACKENDS = {
    "demonstration": "cbmportal.notices.demo.OutboxBackend",
    "production": "django.core.mail.backends.smtp.EmailBackend",
    "development": "django.core.mail.backends.console.EmailBackend",
}
EMAIL_BACKEND = env_text(
    "EMAIL_BACKEND",
    MAIL_BACKENDS["demonstration" if PORTAL_DEMO else "production" if PRODUCTION else "development"],
)
EMAIL_HOST = env_text("EMAIL_HOST", "localhost")
EMAIL_PORT = env_number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env_text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env_text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env_flag("EMAIL_USE_TLS")
EMAIL_USE_SSL = env_flag("EMAIL_USE_SSL")
if EMAIL_USE_TLS and EMAIL_USE_SSL:
    raise ImproperlyConfigured("Only one of EMAIL_USE_TLS and EMAIL_USE_SSL can be 1.")
# Seconds to wait for any one answer of the mail server.
EMAIL_TIMEOUT = 20
# Where the demonstration keeps the e-mails that it shows instead of sending them.
DEMO_OUTBOX = postgres.data_folder() / "outbox"

# Languages and time ----------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("es", _("Spanish")),
    ("pt-br", _("Portuguese")),
    ("fr", _("French")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "cbmportal.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files and uploads ----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = postgres.data_folder() / "static"
MEDIA_ROOT = Path(env_text("PORTAL_FILES") or postgres.data_folder() / "files")
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Headers ---------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# API -------------------------------------------------------------------------------------------------------

# What each process keeps of answers that nothing has changed since; 0 keeps none.
API_CACHE_BYTES = env_number("API_CACHE_BYTES", 8_000_000)
# Clients that follow what changes may stay away this long.
CHANGES_KEPT_DAYS = env_number("CHANGES_KEPT_DAYS", 90)
# Requests a minute: of one token or person signed in, of one network address without either, and for whole files.
API_RATE_TOKEN = env_number("API_RATE_TOKEN", 1200)
API_RATE_ADDRESS = env_number("API_RATE_ADDRESS", 300)
API_RATE_FILES = env_number("API_RATE_FILES", 20)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "cbmportal.api.authentication.TokenAuthentication",
        "cbmportal.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["cbmportal.api.permissions.SecretariatOnly"],
    "DEFAULT_RENDERER_CLASSES": ["cbmportal.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["cbmportal.api.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "cbmportal.api.pagination.Pages",
    "DEFAULT_FILTER_BACKENDS": ["cbmportal.api.filters.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "cbmportal.api.schema.PortalSchema",
    "EXCEPTION_HANDLER": "cbmportal.api.problems.problem_response",
    "DATETIME_FORMAT": "%Y-%m-%dT%H:%M:%S.%fZ",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "CBM portal",
    "DESCRIPTION": _(
        "The directory of points of contact and the repository of policies of the member states. Records are"
        " written in codes; /api/v1/labels/ says what to call each in the four languages."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_PUBLIC": True,
    "SORT_OPERATIONS": True,
    "SERVERS": [{"url": "/"}],
    "EXTERNAL_DOCS": {
        "url": "/api/v1/docs/api.md",
        "description": _("A start in ten minutes, and the rules"),
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "cbmportal.api.describing.complete",
    ],
    "ENUM_NAME_OVERRIDES": {
        "Language": "cbmportal.fields.Language",
        "Audience": "contacts.models.Audience",
        "Category": "contacts.models.Category",
        "CheckResult": "contacts.models.CheckResult",
        "Competence": "contacts.models.Competence",
        "ContactAudience": "contacts.models.words.ContactAudience",
        "ParticipationStatus": "contacts.models.ParticipationStatus",
        "DateKind": "policies.models.DateKind",
        "DocumentKind": "policies.models.DocumentKind",
        "GlossaryTopic": "policies.models.GlossaryTopic",
        "LegalStatus": "policies.models.LegalStatus",
        "Provenance": "policies.models.Provenance",
        "ReviewStatus": "policies.models.ReviewStatus",
        "SourceGrade": "policies.models.SourceGrade",
        "Standing": "policies.models.Standing",
        "ActivityAudience": "measures.models.ActivityAudience",
        "Evidence": "measures.models.Evidence",
        "TextStatus": "measures.models.TextStatus",
    },
}

# Log -------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
