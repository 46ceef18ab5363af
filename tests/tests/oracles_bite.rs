//! An oracle that finds nothing in a bad project is no oracle: each defect here is found by the one
//! that is there for it.

use std::fs;
use std::path::Path;

use appspec_tests::{Project, Tree, build, library, oracles, surroundings};
use tempfile::TempDir;

/// Builds the small library, spoils it, and asks.
#[track_caller]
fn found(oracle: &str, spoil: impl Fn(&Path)) {
    found_in(&library::first(), oracle, spoil);
}

/// The same with another spec.
#[track_caller]
fn found_in(text: &str, oracle: &str, spoil: impl Fn(&Path)) {
    let spec = library::spec_of(text);
    let folder = TempDir::new().unwrap();
    let project = Project::new(folder.path().join("project"), surroundings().python());
    build(spec.path(), &project.root).fine();
    let before = Tree::read(&project.root);
    spoil(&project.root);
    assert!(
        !before.differences(&Tree::read(&project.root)).is_empty(),
        "{oracle}: nothing was spoiled"
    );
    let findings = (oracles::named(oracle).judge)(&project);
    assert!(findings.is_err(), "{oracle} found nothing");
}

fn append(root: &Path, file: &str, text: &str) {
    let path = root.join(file);
    let before = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
    fs::write(path, before + text).unwrap();
}

fn replace(root: &Path, file: &str, old: &str, new: &str) {
    let path = root.join(file);
    let before = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
    assert!(before.contains(old), "{file} has no {old:?}:\n{before}");
    fs::write(path, before.replace(old, new)).unwrap();
}

/// The emitted migration of the app.
const MIGRATION: &str = "shelf/migrations/0001_initial.py";

#[test]
fn compileall() {
    found("compileall", |root| {
        append(root, "shelf/models.py", "\ndef broken(:\n");
    });
}

#[test]
fn ruff_check() {
    found("ruff_check", |root| {
        append(root, "shelf/apps.py", "\nimport os\n");
    });
}

#[test]
fn ruff_format() {
    found("ruff_format", |root| {
        append(root, "shelf/apps.py", "\nX={'a':1}\n");
    });
}

#[test]
fn mypy() {
    found("mypy_strict", |root| {
        append(root, "shelf/apps.py", "\n\ndef untyped(x):\n    return x\n");
    });
    // Types of fields come from the plugin; without it this would be `Any`.
    found("mypy_strict", |root| {
        append(
            root,
            "shelf/models.py",
            "\n\ndef pages_of(book: Book) -> str:\n    return book.pages\n",
        );
    });
}

#[test]
fn bandit() {
    found("bandit", |root| {
        append(root, "shelf/apps.py", "\n\neval(input())\n");
    });
}

#[test]
fn checks() {
    let warns =
        "\n\nclass Warned(models.Model):\n    tags = models.ManyToManyField(Author, null=True)\n";
    for oracle in ["check_sqlite", "check_postgres"] {
        found(oracle, |root| append(root, "shelf/models.py", warns));
    }
    found("check_deploy", |root| {
        append(
            root,
            "config/settings/production.py",
            "\nSESSION_COOKIE_SECURE = False\n",
        );
    });
}

#[test]
fn migrations() {
    for kind in ["sqlite", "postgres"] {
        // The models say more than the migrations.
        found(&format!("makemigrations_check_{kind}"), |root| {
            append(
                root,
                "shelf/models.py",
                "\n\nclass Forgotten(models.Model):\n    pass\n",
            );
        });
        // The state is right, the database is not: only a comparison of schemas can tell.
        found(&format!("schema_{kind}"), |root| {
            let trick = "        migrations.RunSQL(\"CREATE INDEX sneaky ON shelf_book (pages)\"),\n    ]\n";
            let path = root.join(MIGRATION);
            let text = fs::read_to_string(&path).unwrap();
            let end = text.rfind("    ]\n").expect("a list of operations");
            fs::write(
                path,
                format!("{}{trick}{}", &text[..end], &text[end + "    ]\n".len()..]),
            )
            .unwrap();
        });
    }
}

#[test]
fn emitted_tests() {
    let cases = [
        "def test_wrong() -> None:\n    assert False\n",
        "import pytest\n\n\n@pytest.mark.skip\ndef test_later() -> None:\n    assert False\n",
        "import pytest\n\n\n@pytest.mark.xfail\ndef test_sometimes() -> None:\n    assert False\n",
        "import warnings\n\n\ndef test_noisy() -> None:\n    warnings.warn(\"noise\", stacklevel=1)\n",
    ];
    for case in cases {
        found("emitted_tests_sqlite", |root| {
            fs::create_dir_all(root.join("shelf/tests")).unwrap();
            fs::write(root.join("shelf/tests/test_spoiled.py"), case).unwrap();
        });
    }
}

#[test]
fn query_counts() {
    found("query_counts", |root| {
        // Each row of the list asks for its author.
        append(
            root,
            "shelf/admin.py",
            "\nfrom shelf import models as spoiled\n\
             spoiled.Book.__str__ = lambda self: spoiled.Author.objects.get(pk=self.author_id).name\n\
             admin.site.get_model_admin(spoiled.Book).list_display = (\"__str__\",)\n",
        );
    });
    found("query_counts", |root| {
        // No list shows an author here; each author that a book could have asks for the books.
        append(
            root,
            "shelf/admin.py",
            "\nfrom shelf import models as spoiled\n\
             spoiled.Author.__str__ = lambda self: str(self.books.count())\n\
             admin.site.get_model_admin(spoiled.Book).list_display = (\"title\",)\n",
        );
    });
}

#[test]
fn api_contract() {
    let spec = library::first()
        + "access Author { anyone may read }\naccess Book { anyone may do anything }\n";
    // A page for people where the description promises a problem, an undocumented status, a field of another type,
    // a failure of the server.
    for spoiled in [
        "RowViews.get_object = lambda self: HttpResponse('Not here', status=404)",
        "RowViews.answer = lambda self, row, code=200: Response({}, 418)",
        "ReadViews.list = lambda self, request: Response({'next': 5, 'results': []})",
        "UpdateView.partial_update = lambda self, request, pk: 1 / 0",
    ] {
        found_in(&spec, "api_contract_sqlite", |root| {
            append(
                root,
                "core/api/views.py",
                &format!("\n\nfrom django.http import HttpResponse\n\n{spoiled}\n"),
            );
        });
    }
}

#[test]
fn suppressions() {
    for mark in [
        "X = 1  # noqa: E501",
        "X = 1  # type: ignore[assignment]",
        "SILENCED_SYSTEM_CHECKS = []",
    ] {
        found("suppressions_are_counted", |root| {
            append(root, "shelf/apps.py", &format!("\n{mark}\n"));
        });
    }
}

#[test]
fn requirements() {
    found("requirements_are_locked", |root| {
        replace(
            root,
            "requirements/base.txt",
            "django==5.2.",
            "django==5.1.",
        );
    });
    found("requirements_are_locked", |root| {
        append(root, "requirements/base.txt", "left-pad==1.0\n");
    });
}

#[test]
fn commands() {
    for kind in ["sqlite", "postgres"] {
        found(&format!("commands_{kind}"), |root| {
            let path = root.join("core/management/commands/check_invariants.py");
            fs::write(path, "raise SystemExit(1)\n").unwrap();
        });
    }
}
