//! What a row may become: with rows in the table, whatever is built on it, and by every way of writing.

use appspec_tests::{Database, Project, Stage, Steps, build, everywhere, library};
use tempfile::TempDir;

/// What the database says to raw SQL about changes, as far as there are rules; the rows of before are there in each
/// step, and stay what they were.
const ASK: &str = "
from django.db import IntegrityError, connection, transaction
from core.errors import explain
from shelf import models
Product = getattr(models, 'Product', None) or models.Article
price = 'price' if hasattr(Product(), 'price') else 'cost'
high = Product._meta.get_field('level').choices[1][0]
if not Product.objects.exists():
    Product.objects.create(**{'code': 1, price: 10})
    Product.objects.create(**{'code': 2, price: 10}, level=high)
table = Product._meta.db_table
asked = {
    'double': f'UPDATE {table} SET {price} = {price} * 2 WHERE code = 1',
    'thrice': f'UPDATE {table} SET {price} = {price} * 3 WHERE code = 1',
    'most': f'UPDATE {table} SET {price} = {price} * 4 WHERE code = 1',
    'same': f'UPDATE {table} SET {price} = {price}, level = level',
    'lower': f\"UPDATE {table} SET level = 'low' WHERE code = 2\",
    'note': f\"UPDATE {table} SET note = 'a' WHERE code = 1\",
    'stock': f'UPDATE {table} SET stock = stock - 1',
    'delete': f'DELETE FROM {table}',
}
said = []
for name, sql in asked.items():
    if name == 'stock' and not hasattr(Product(), 'stock'):
        continue
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            said.append(f'{name}:{cursor.rowcount}')
            transaction.set_rollback(True)
    except IntegrityError as error:
        said.append(f'{name}:{explain(error).code}')
print('said', *said)
print('rows', *Product.objects.order_by('code').values_list('code', price, 'level'))
";

/// After each of the specs of the corpus.
const SAID: [(&str, &str); 6] = [
    (
        "1-before",
        "said double:1 thrice:1 most:1 same:2 lower:1 note:1 delete:2",
    ),
    (
        "2-added",
        "said double:1 thrice:price_step most:price_step same:2 lower:stays_high note:1 delete:2",
    ),
    (
        "3-changed",
        "said double:1 thrice:1 most:price_step same:2 lower:stays_high note:1 stock:counts_up delete:2",
    ),
    (
        "4-renamed",
        "said double:1 thrice:1 most:cost_step same:2 lower:stays_high note:1 stock:counts_up delete:2",
    ),
    (
        "5-retyped",
        "said double:1 thrice:1 most:cost_step same:2 lower:stays_high note:1 stock:counts_up delete:2",
    ),
    (
        "6-gone",
        "said double:1 thrice:1 most:1 same:2 lower:1 note:1 stock:2 delete:2",
    ),
];

#[test]
fn rules_about_changes_are_added_changed_and_dropped_with_rows_in_their_tables() {
    Steps::everywhere("evolution_changes", |steps| {
        for (name, said) in SAID {
            let ran = steps.take(name, ASK);
            assert!(ran.stdout.lines().any(|line| line == said), "{name}: {ran}");
            let high = if name < "4" { "high" } else { "top" };
            let rows = format!("rows (1, Decimal('10.00'), 'low') (2, Decimal('10.00'), '{high}')");
            assert!(ran.stdout.lines().any(|line| line == rows), "{name}: {ran}");
            // The function that refuses rows stays when the last rule is gone.
            if name == "5-retyped" {
                steps.judge("schema");
            }
        }
        steps.judge("makemigrations_check");
        steps.migrate(&["shelf", "0001"]);
        steps.migrate(&[]);
        let ran = steps.ask(ASK);
        let rows = "rows (1, Decimal('10.00'), 'low') (2, Decimal('10.00'), 'top')";
        assert!(ran.stdout.contains(rows), "{ran}");
    });
}

/// Every way of writing, records that are stale or incomplete, the admin site, and what may be done all the same.
const TOGETHER: &str = r#"
from datetime import timedelta
from decimal import Decimal
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone
from core.errors import explain
from shelf.models import Level, Owner, Product

def told(write):
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        return explain(error).code
    except ValidationError as error:
        return ' '.join(sorted(each.code for listed in error.error_dict.values() for each in listed))
    return 'accepted'

def same(found, wanted):
    assert found == wanted, (found, wanted)

owner = Owner.objects.create(name='a')
# Files of rows hold milliseconds.
past = timezone.now().replace(microsecond=0) - timedelta(days=9)
# A rule about a change asks nothing of a new row.
made = Product.objects.create(name='x', price=Decimal('0.10'), stock=600, starts_at=past, owner=owner)
made.full_clean()

def changed(**values):
    row = Product.objects.get(pk=made.pk)
    for name, value in values.items():
        setattr(row, name, value)
    return row

def every(wanted, **values):
    """Each way of writing answers the same."""
    rows = Product.objects.filter(pk=made.pk)
    names = list(values)

    def raw():
        fields = [Product._meta.get_field(name) for name in names]
        sets = ', '.join(f'{field.column} = %s' for field in fields)
        given = [field.get_db_prep_save(getattr(changed(**values), field.attname), connection) for field in fields]
        key = Product._meta.pk.get_db_prep_save(made.pk, connection)
        with connection.cursor() as cursor:
            cursor.execute(f'UPDATE {Product._meta.db_table} SET {sets} WHERE id = %s', [*given, key])

    ways = [
        lambda: changed(**values).full_clean(),
        lambda: changed(**values).save(),
        lambda: changed(**values).save(update_fields=names),
        lambda: rows.update(**values),
        lambda: Product.objects.bulk_update([changed(**values)], names),
        lambda: Product.objects.bulk_create(
            [changed(**values)], update_conflicts=True, unique_fields=['pk'], update_fields=names
        ),
        lambda: Product.objects.update_or_create(pk=made.pk, defaults=values),
        raw,
    ]
    for way in ways:
        with transaction.atomic():
            same(told(way), wanted)
            transaction.set_rollback(True)

# 0.30 is three times 0.10, though no float is.
every('price_step', price=Decimal('0.21'))
every('accepted', price=Decimal('0.20'))
every('accepted', price=Decimal('0.05'))
every('price_step', price=Decimal('9.99'))
every('value_falls_slowly', stock=99)
every('accepted', stock=100)
every('moved_ahead', starts_at=timezone.now() - timedelta(minutes=1))
every('accepted', starts_at=timezone.now() + timedelta(minutes=1))
every('stays_owned', owner=None)
every('accepted', note='a')
every('accepted', level=Level.HIGH, ends_on=timezone.localdate())
Product.objects.update(note='abc', ends_on=timezone.localdate())
every('note_grows', note='ab')
every('note_grows', note=None)
every('ends_later', ends_on=timezone.localdate() - timedelta(days=1))
every('accepted', ends_on=None)
# What nothing changes is not asked: the moment is long gone.
every('accepted', name='y')
# Many at once, one of which breaks it.
other = Product.objects.create(name='z', price=8, stock=0, starts_at=past)
same(told(lambda: Product.objects.update(price=F('price') + Decimal('0.10'))), 'accepted')
same(told(lambda: Product.objects.update(price=F('price') + Decimal('0.30'))), 'price_step')
same(told(lambda: Product.objects.update(price=F('price') * 2)), 'stays_cheap')
row = changed(price=F('price') * 3)
same(told(row.save), 'price_step')
# The row as it is stored counts, and not what a record has read.
stale = Product.objects.get(pk=made.pk)
Product.objects.filter(pk=made.pk).update(price=Decimal('0.40'))
stale.price = Decimal('0.75')
same(told(stale.full_clean), 'accepted')
stale.price = Decimal('0.81')
same(told(stale.full_clean), 'price_step')
# A record that was read in part.
part = Product.objects.only('name').get(pk=made.pk)
part.name = 'part'
same(told(part.full_clean), 'accepted')
part.price = Decimal('0.90')
same(told(part.full_clean), 'price_step')
# A value that its own rule refuses is not judged by another.
bad = changed(price='many')
same(told(bad.full_clean), 'invalid')
# What another deletion empties is a change.
same(told(owner.delete), 'stays_owned')
text = serializers.serialize('json', [changed(price=Decimal('0.90'))])
same(told(lambda: [row.save() for row in serializers.deserialize('json', text)]), 'price_step')
# What people see.
person = get_user_model()(email='root@example.com', is_staff=True, is_superuser=True)
person.set_password('Sesame-1000')
person.save()
client = Client(SERVER_NAME='localhost')
client.force_login(person)
path = f'/admin/shelf/product/{made.pk}/change/'
page = client.get(path).content.decode()
assert 'name="price"' in page and 'deletelink' in page, page
local = timezone.localtime(past)
form = {
    'price': '0.81', 'name': 'x', 'stock': '600', 'level': 'low', 'owner': str(owner.pk),
    'starts_at_0': local.strftime('%Y-%m-%d'), 'starts_at_1': local.strftime('%H:%M:%S'), 'note': 'abcd', 'ends_on': '',
}
page = client.post(path, form).content.decode()
assert 'A price at most doubles.' in page, page
same(Product.objects.get(pk=made.pk).delete()[0], 1)
print('together')
"#;

#[test]
fn every_way_of_writing_is_asked_about_a_change() {
    everywhere(|kind, python| {
        let folder = TempDir::new().unwrap();
        let project = Project::new(folder.path().join("project"), python);
        let database = Database::create(kind);
        let spec = library::spec_of(include_str!("../cases/build/changes.appspec"));
        build(spec.path(), &project.root).fine();
        project
            .manage(Stage::Development, &database, &["migrate", "--no-input"])
            .fine();
        let ran = project.shell(&database, TOGETHER).fine();
        assert!(ran.stdout.contains("together"), "{}: {ran}", kind.name());
    });
}
