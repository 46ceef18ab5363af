//! Validation asks about all CHECKs at once, and says what Django says that asks about each by itself.

use appspec_tests::compiler::apps;
use appspec_tests::{Database, Project, Stage, build, everywhere, tree};
use tempfile::TempDir;

/// Example rows with every field made wrong in turn, validated both ways; a refused question leaves the transaction whole.
const COMPARED: &str = r"
from datetime import timedelta
from decimal import Decimal
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from core.models import Record

now = timezone.now()
VALUES = [
    None, '', 'a', 'a' * 300, -1, 0, 1, 10 ** 12, 10 ** 40, Decimal('0.001'), Decimal('NaN'), True, now, now.date(),
    now - timedelta(days=40_000), [], ['a'], Value(None),
]

def told(validate, row, exclude):
    try:
        with transaction.atomic():
            validate(row, exclude=exclude)
    except ValidationError as error:
        errors = error.update_error_dict({}).items()
        return sorted((name, each.code or '', str(each)) for name, listed in errors for each in listed)
    except Exception:
        # What no database can be asked; each way of asking meets it at another point.
        return 'raises'
    return []

def converts(field, value):
    # What it does not take never comes this far.
    try:
        field.to_python(value)
    except (ValidationError, TypeError, ValueError, ArithmeticError):
        return isinstance(value, Value)
    return True

turn = compared = refused = saved = 0
with transaction.atomic():
    for model in apps.get_models():
        if not issubclass(model, Record):
            continue
        for stored in model._base_manager.all()[:1]:
            with CaptureQueriesContext(connection) as asked:
                Record.validate_constraints(stored)
            with CaptureQueriesContext(connection) as each:
                models.Model.validate_constraints(stored)
            at_once, one_by_one = ([q for q in all if '_check' in q['sql']] for all in (asked, each))
            assert len(at_once) <= max(1, len(one_by_one)), (model, len(at_once), len(one_by_one))
            saved += len(one_by_one) - len(at_once)
            for field in model._meta.concrete_fields:
                if field.generated or field.primary_key or field.is_relation:
                    continue
                # A fifth of them for each field, another one for the next: all of them take minutes and say the same.
                turn += 1
                for value in filter(lambda value: converts(field, value), VALUES[turn % 5::5]):
                    row = model._base_manager.get(pk=stored.pk)
                    setattr(row, field.attname, value)
                    for exclude in (None, {model._meta.concrete_fields[-1].name}):
                        ours = told(Record.validate_constraints, row, exclude)
                        django = told(models.Model.validate_constraints, row, exclude)
                        assert ours == django, (model, field.name, value, exclude, ours, django)
                        compared += 1
                        refused += django != []
assert refused > 60 and saved > 5, (compared, refused, saved)
print('the same', compared, refused, saved)
";

#[test]
fn all_checks_at_once_say_what_each_of_them_says() {
    everywhere(|kind, python| {
        let folder = TempDir::new().unwrap();
        let spec = folder.path().join("spec");
        let salon = apps().into_iter().find(|app| tree::name(app) == "salon");
        tree::copy(&salon.expect("the salon"), &spec);
        let project = Project::new(folder.path().join("project"), python);
        let database = Database::create(kind);
        build(&spec, &project.root).fine();
        for arguments in [&["migrate", "--no-input"][..], &["seed"], &["demo"]] {
            project
                .manage(Stage::Development, &database, arguments)
                .fine();
        }
        let ran = project.shell(&database, COMPARED).fine();
        assert!(ran.stdout.contains("the same"), "{}: {ran}", kind.name());
    });
}
