//! A spec changes after there are rows: the next build's migrations keep them.

use std::fs;
use std::path::Path;

use appspec_tests::{Database, Project, Stage, Tree, build, everywhere, library, oracles, schema};
use tempfile::TempDir;

const INSERT: &str = "
from shelf.models import Author, Book
author = Author.objects.create(name='Sophia de Mello')
Book.objects.create(title='O Nome das Coisas', pages=96, author=author)
Book.objects.create(title='Livro Sexto', pages=112, author=author)
";

const READ: &str = "
from shelf.models import Book, Shelf, Writer
for book in Book.objects.select_related('author').order_by('title'):
    print(book.title, book.length, book.copies, book.subtitle, book.author.name, sep='|')
writer = Writer.objects.get()
print(writer.books.count(), writer.born)
Shelf.objects.create(label='A')
";

#[test]
fn rows_survive_additions_and_renames() {
    everywhere(|kind, python| {
        let spec = library::spec_of(library::first());
        let folder = TempDir::new().unwrap();
        let project = Project::new(folder.path().join("project"), python);
        let database = Database::create(kind);

        build(spec.path(), &project.root).fine();
        migrate(&project, &database);
        project.shell(&database, INSERT).fine();
        let before = Tree::read(&project.root);

        library::rewrite(spec.path(), library::second());
        let summary = build(spec.path(), &project.root).fine();
        let after = Tree::read(&project.root);
        for path in before
            .paths()
            .iter()
            .filter(|path| path.contains("/migrations/"))
        {
            assert_eq!(
                before.bytes(path),
                after.bytes(path),
                "an emitted migration changed: {path}\n{summary}"
            );
        }
        let added = |path: &&&str| {
            path.starts_with("shelf/migrations/0002") && before.bytes(path).is_none()
        };
        assert!(
            after.paths().iter().any(|path| added(&path)),
            "no second migration: {summary}"
        );

        migrate(&project, &database);
        let rows = project.shell(&database, READ).fine();
        let wanted = "Livro Sexto|112|1|None|Sophia de Mello\nO Nome das Coisas|96|1|None|Sophia de Mello\n2 None";
        assert!(rows.stdout.contains(wanted), "{rows}");
        for oracle in ["makemigrations_check", "schema"] {
            let oracle = oracles::named(&format!("{oracle}_{}", kind.name()));
            (oracle.judge)(&project)
                .unwrap_or_else(|findings| panic!("{}: {findings}", oracle.name));
        }
    });
}

const SELL: &str = "
from shop.models import Customer, Product
from orders.models import Line, Order, Wish
product = Product.objects.create(name='Bear', kind='toy', goes_with=['book', 'toy'])
Line.objects.create(order=Order.objects.create(number=1), product=product)
Wish.objects.create(customer=Customer.objects.create(name='Ana'), product=product)
";

const SOLD: &str = "
from orders.models import Item
for item in Item.objects.select_related('article'):
    print(item.order.number, item.article.title, item.article.kind, *item.article.goes_with, sep='|')
    print(item.state, item.wrap, *(client.name for client in item.article.desired_by.all()), sep='|')
";

/// Renames of everything at once, in apps that need each other: an app may be migrated before the other, and back.
#[test]
fn renames_across_apps_go_forth_and_back() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("renames");
    everywhere(|kind, python| {
        let folder = TempDir::new().unwrap();
        let project = Project::new(folder.path().join("project"), python);
        let database = Database::create(kind);
        build(&specs.join("before"), &project.root).fine();
        migrate(&project, &database);
        project.shell(&database, SELL).fine();

        build(&specs.join("after"), &project.root).fine();
        let step = |arguments: &[&str]| {
            let arguments = [&["migrate", "--no-input"], arguments].concat();
            project
                .manage(Stage::Development, &database, &arguments)
                .fine();
        };
        step(&["orders"]);
        step(&[]);
        let rows = project.shell(&database, SOLD).fine();
        let wanted = "1|Bear|something_to_play_with|book|something_to_play_with\n\
                waiting|brown_paper|Ana";
        assert!(rows.stdout.contains(wanted), "{rows}");
        step(&["orders", "0002"]);
        step(&["shop", "0001"]);
        step(&[]);
        let rows = project.shell(&database, SOLD).fine();
        assert!(rows.stdout.contains(wanted), "{rows}");
        let oracle = oracles::named(&format!("makemigrations_check_{}", kind.name()));
        (oracle.judge)(&project).unwrap_or_else(|findings| panic!("{}: {findings}", oracle.name));
    });
}

/// What was built says something else, or is gone: the rows are asked where they could be in the way, and kept; the schema is
/// that of a fresh build; and it goes back and forth.
#[test]
fn changes_of_rules_keep_rows() {
    changes_keep_rows("rules");
}

#[test]
fn changes_of_fields_keep_rows() {
    changes_keep_rows("fields");
}

#[test]
fn wider_types_keep_rows() {
    changes_keep_rows("types");
}

#[test]
fn changes_together_with_renames_keep_rows() {
    changes_keep_rows("together");
}

fn changes_keep_rows(case: &str) {
    let case = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("changes")
        .join(case);
    let script = |name: &str| fs::read_to_string(case.join(name)).unwrap_or_default();
    everywhere(|kind, python| {
        let folder = TempDir::new().unwrap();
        let project = Project::new(folder.path().join("project"), python);
        let database = Database::create(kind);
        build(&case.join("before"), &project.root).fine();
        migrate(&project, &database);
        project.shell(&database, &script("insert.py")).fine();
        build(&case.join("after"), &project.root).fine();

        let told = script("told.txt");
        if !told.is_empty() {
            let refused = project.manage(Stage::Development, &database, &["migrate", "--no-input"]);
            assert!(!refused.status.success(), "{refused}");
            assert!(!refused.stderr.contains("Traceback"), "{refused}");
            for line in told.lines() {
                assert!(refused.stderr.contains(line), "{line}: {refused}");
            }
            let still = project.shell(&database, &script("still.py")).fine();
            assert!(!still.stdout.contains("stored"), "{still}");
            project.shell(&database, &script("mend.py")).fine();
        }
        migrate(&project, &database);
        let rows = project.shell(&database, &script("read.py")).fine().stdout;
        assert!(rows.lines().count() > 2, "{rows}");
        is_as_fresh(&case, &project, &database, folder.path());

        let back = ["migrate", "--no-input", "club", "0001"];
        project.manage(Stage::Development, &database, &back).fine();
        migrate(&project, &database);
        let again = project.shell(&database, &script("read.py")).fine().stdout;
        assert_eq!(rows, again);
        is_as_fresh(&case, &project, &database, folder.path());
    });
}

/// Django finds nothing to do, and the schema is what a first build of the same spec makes.
fn is_as_fresh(case: &Path, project: &Project, database: &Database, folder: &Path) {
    let clean = ["makemigrations", "--check", "--dry-run"];
    project.manage(Stage::Development, database, &clean).fine();
    let fresh = Project::new(folder.join("fresh"), &project.python);
    build(&case.join("after"), &fresh.root).fine();
    let empty = Database::create(database.kind);
    migrate(&fresh, &empty);
    let is = schema::of(project, database).unwrap();
    let wanted = schema::of(&fresh, &empty).unwrap();
    let differences = schema::differences(&is, &wanted);
    let differences: Vec<&String> = differences
        .iter()
        // The function serves every lifecycle, and stays when the last one goes.
        .filter(|line| !line.starts_with("+ CREATE FUNCTION public.refuse_row()"))
        // Django names the index of a unique column after whether it was made with its table.
        .filter(|line| !(line.contains(" ADD CONSTRAINT ") && line.contains(" UNIQUE (member_id)")))
        .collect();
    assert!(differences.is_empty(), "{differences:#?}");
}

const LEND: &str = "
from orders.models import Line
from shop.models import Product
Line.objects.create(product=Product.objects.create(name='Bear'))
";

const LENT: &str = "
from orders.models import Item
for item in Item.objects.select_related('product'):
    print(item.product.name, item.amount)
";

/// Two apps rename what refers to each other, and nothing else; then a third one, which Django plans first, begins
/// to refer to both. Each app can be taken back alone.
#[test]
fn bare_renames_of_related_entities_go_back_app_by_app() {
    let products = "project store { title: \"Store\" }\nentity Product { name: text(30) }\n";
    let lines =
        "use shop.{Product}\nentity Line { product: Product on delete protect inverse lines }\n";
    let users = "use std.auth.{User}\nuse orders.{Item}\nuse shop.{Article}\nextend entity User {
        favourite: Article? on delete set null inverse fans
        last: Item? on delete set null inverse holders
    }\n";
    everywhere(|kind, python| {
        let spec = TempDir::new().unwrap();
        let write = |name: &str, text: &str| fs::write(spec.path().join(name), text).unwrap();
        let folder = TempDir::new().unwrap();
        let project = Project::new(folder.path().join("project"), python);
        let database = Database::create(kind);
        write("shop.appspec", products);
        write("orders.appspec", lines);
        build(spec.path(), &project.root).fine();
        migrate(&project, &database);
        project.shell(&database, LEND).fine();

        let products = products.replace("entity Product", "entity Article was Product");
        let lines = lines.replace("Product", "Article");
        let lines = lines.replace("entity Line", "entity Item was Line");
        write("shop.appspec", &products);
        write("orders.appspec", &lines);
        build(spec.path(), &project.root).fine();
        write("fans.appspec", users);
        write(
            "orders.appspec",
            &lines.replace(" lines }", " lines\n  amount: int = 1\n}"),
        );
        build(spec.path(), &project.root).fine();
        for target in [&[][..], &["shop", "0001"], &[], &["orders", "0001"], &[]] {
            let arguments = [&["migrate", "--no-input"], target].concat();
            project
                .manage(Stage::Development, &database, &arguments)
                .fine();
        }
        let rows = project.shell(&database, LENT).fine();
        assert!(rows.stdout.contains("Bear 1"), "{rows}");
    });
}

fn migrate(project: &Project, database: &Database) {
    project
        .manage(Stage::Development, database, &["migrate", "--no-input"])
        .fine();
}

/// What can't be appended safely is refused, and the project stays as it was.
#[test]
fn a_lossy_change_is_refused_and_writes_nothing() {
    let lossy = [
        (
            "a dropped field",
            library::first().replace("  pages: int in 1..10000\n", ""),
        ),
        (
            "a narrowed text",
            library::first().replace("text(200)", "text(20)"),
        ),
        (
            "a required field without a default",
            library::first().replace("  title: text", "  isbn: text(13)\n  title: text"),
        ),
    ];
    for (what, changed) in lossy {
        let spec = library::spec_of(library::first());
        let folder = TempDir::new().unwrap();
        let out = folder.path().join("project");
        build(spec.path(), &out).fine();
        fs::write(out.join("notes.txt"), "mine").unwrap();
        let before = Tree::read(&out);
        library::rewrite(spec.path(), changed);
        let refused = build(spec.path(), &out).exits(1);
        assert_eq!(
            before,
            Tree::read(&out),
            "{what}: something was written\n{refused}"
        );
        assert!(
            refused.said().contains("evolve::"),
            "{what}: no code of the group `evolve`\n{refused}"
        );
    }
}
