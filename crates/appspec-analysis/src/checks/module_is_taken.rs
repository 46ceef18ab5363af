use appspec_diagnostics::{Diagnostic, Diagnostics, Span, codes};
use appspec_ir::{Module, Spec, Walk};

use super::taken::KEYWORDS;

/// Apps of Django itself; two apps can't have one label.
const DJANGO: [&str; 14] = [
    "admin",
    "auth",
    "contenttypes",
    "flatpages",
    "gis",
    "humanize",
    "messages",
    "postgres",
    "redirects",
    "sessions",
    "sitemaps",
    "sites",
    "staticfiles",
    "syndication",
];

/// Folders and modules at the root of the emitted project.
const EMITTED: [&str; 11] = [
    "config",
    "conftest",
    "core",
    "deploy",
    "docs",
    "manage",
    "media",
    "requirements",
    "static",
    "templates",
    "tests",
];

/// Packages that the emitted project uses or that commonly lie beside it.
const PACKAGES: [&str; 34] = [
    "argon2",
    "asgiref",
    "celery",
    "csp",
    "decouple",
    "dj_database_url",
    "django",
    "dotenv",
    "environ",
    "gunicorn",
    "kombu",
    "mypy",
    "packaging",
    "pip",
    "pluggy",
    "psycopg",
    "psycopg_binary",
    "psycopg_pool",
    "pygments",
    "pytest",
    "pytest_django",
    "pyuwsgi",
    "redis",
    "rest_framework",
    "ruff",
    "setuptools",
    "sqlparse",
    "typing_extensions",
    "uvicorn",
    "uvloop",
    "uwsgi",
    "uwsgidecorators",
    "whitenoise",
    "yaml",
];

/// The modules of Python's library, 3.11 to 3.13. The root of the project comes first on Python's search path,
/// so a folder `email` would hide the module that Django sends mail with.
const PYTHON: [&str; 216] = [
    "abc",
    "aifc",
    "antigravity",
    "argparse",
    "array",
    "ast",
    "asynchat",
    "asyncio",
    "asyncore",
    "atexit",
    "audioop",
    "base64",
    "bdb",
    "binascii",
    "bisect",
    "builtins",
    "bz2",
    "calendar",
    "cgi",
    "cgitb",
    "chunk",
    "cmath",
    "cmd",
    "code",
    "codecs",
    "codeop",
    "collections",
    "colorsys",
    "compileall",
    "concurrent",
    "configparser",
    "contextlib",
    "contextvars",
    "copy",
    "copyreg",
    "crypt",
    "csv",
    "ctypes",
    "curses",
    "dataclasses",
    "datetime",
    "dbm",
    "decimal",
    "difflib",
    "dis",
    "distutils",
    "doctest",
    "email",
    "encodings",
    "ensurepip",
    "enum",
    "errno",
    "faulthandler",
    "fcntl",
    "filecmp",
    "fileinput",
    "fnmatch",
    "fractions",
    "ftplib",
    "functools",
    "gc",
    "genericpath",
    "getopt",
    "getpass",
    "gettext",
    "glob",
    "graphlib",
    "grp",
    "gzip",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "http",
    "idlelib",
    "imaplib",
    "imghdr",
    "imp",
    "importlib",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "lib2to3",
    "linecache",
    "locale",
    "logging",
    "lzma",
    "mailbox",
    "mailcap",
    "marshal",
    "math",
    "mimetypes",
    "mmap",
    "modulefinder",
    "msilib",
    "msvcrt",
    "multiprocessing",
    "netrc",
    "nis",
    "nntplib",
    "nt",
    "ntpath",
    "nturl2path",
    "numbers",
    "opcode",
    "operator",
    "optparse",
    "os",
    "ossaudiodev",
    "pathlib",
    "pdb",
    "pickle",
    "pickletools",
    "pipes",
    "pkgutil",
    "platform",
    "plistlib",
    "poplib",
    "posix",
    "posixpath",
    "pprint",
    "profile",
    "pstats",
    "pty",
    "pwd",
    "py_compile",
    "pyclbr",
    "pydoc",
    "pydoc_data",
    "pyexpat",
    "queue",
    "quopri",
    "random",
    "re",
    "readline",
    "reprlib",
    "resource",
    "rlcompleter",
    "runpy",
    "sched",
    "secrets",
    "select",
    "selectors",
    "shelve",
    "shlex",
    "shutil",
    "signal",
    "site",
    "smtpd",
    "smtplib",
    "sndhdr",
    "socket",
    "socketserver",
    "spwd",
    "sqlite3",
    "sre_compile",
    "sre_constants",
    "sre_parse",
    "ssl",
    "stat",
    "statistics",
    "string",
    "stringprep",
    "struct",
    "subprocess",
    "sunau",
    "symtable",
    "sys",
    "sysconfig",
    "syslog",
    "tabnanny",
    "tarfile",
    "telnetlib",
    "tempfile",
    "termios",
    "textwrap",
    "this",
    "threading",
    "time",
    "timeit",
    "tkinter",
    "token",
    "tokenize",
    "tomllib",
    "trace",
    "traceback",
    "tracemalloc",
    "tty",
    "turtle",
    "turtledemo",
    "types",
    "typing",
    "unicodedata",
    "unittest",
    "urllib",
    "uu",
    "uuid",
    "venv",
    "warnings",
    "wave",
    "weakref",
    "webbrowser",
    "winreg",
    "winsound",
    "wsgiref",
    "xdrlib",
    "xml",
    "xmlrpc",
    "zipapp",
    "zipfile",
    "zipimport",
    "zlib",
    "zoneinfo",
];

/// A module whose name the emitted project needs for something else.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for module in spec.walk_modules().filter(|module| !module.get().is_std) {
        if let Some(owner) = owner(&module.get().label)
            && let Some(place) = first_place(module)
        {
            found.push(finding(module, owner, place));
        }
    }
}

fn owner(label: &str) -> Option<&'static str> {
    [
        (DJANGO.as_slice(), "Django has an app of this name"),
        (
            EMITTED.as_slice(),
            "the emitted project has a folder or file of this name",
        ),
        (
            PACKAGES.as_slice(),
            "a Python package of this name belongs to the project's tools",
        ),
        (
            PYTHON.as_slice(),
            "Python's own library has a module of this name",
        ),
        (KEYWORDS.as_slice(), "this is a word of Python"),
    ]
    .into_iter()
    .find(|(names, _)| names.contains(&label))
    .map(|(_, reason)| reason)
}

/// The start of the module's file; without a declaration nothing is emitted for it.
fn first_place(module: Walk<'_, Module>) -> Option<Span> {
    let entities = module.entities().map(|entity| entity.get().span);
    let enums = module.enums().map(|closed| closed.get().span);
    let span = entities.chain(enums).next()?;
    Some(Span::new(span.file, 0, 0))
}

fn finding(module: Walk<'_, Module>, owner: &str, place: Span) -> Diagnostic {
    let label = &module.get().label;
    Diagnostic::new(
        &codes::name::TAKEN_MODULE,
        place,
        format!("a module can't be called `{label}`"),
    )
    .label(owner)
    .help(format!("rename the file to `{}.appspec`", free_name(label)))
}

/// A name close to the taken one that is free.
fn free_name(label: &str) -> String {
    let plural = if label.ends_with('s') {
        format!("{label}es")
    } else {
        format!("{label}s")
    };
    let known = match label {
        "auth" => "people",
        "admin" => "office",
        "core" | "config" => "base",
        "messages" => "inbox",
        "sessions" => "visits",
        "sites" | "site" => "places",
        "tests" | "test" => "exams",
        "docs" => "papers",
        _ => plural.as_str(),
    };
    if owner(known).is_none() {
        known.to_owned()
    } else {
        format!("my_{label}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suggested_name_is_free() {
        for taken in [&DJANGO[..], &EMITTED, &PACKAGES, &PYTHON, &KEYWORDS].concat() {
            assert!(owner(taken).is_some());
            assert_eq!(owner(&free_name(taken)), None, "{taken}");
        }
    }

    #[test]
    fn common_names_of_apps_are_free() {
        for name in [
            "shop", "booking", "people", "billing", "blog", "orders", "accounts", "salon",
        ] {
            assert_eq!(owner(name), None, "{name}");
        }
    }
}
