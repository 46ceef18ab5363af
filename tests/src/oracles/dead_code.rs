//! Code that nothing uses: what a spec does not need is not emitted.

use crate::database::{Database, Kind};
use crate::project::{Project, Stage};
use crate::ran::{Ran, Verdict};

/// What Django or Python calls by its name, so that no code of the project mentions it.
const CALLED_BY_NAME: &[(&str, &str)] = &[
    (
        "*Config",
        "Django finds the configuration of an app in its `apps.py`",
    ),
    ("Meta", "Django reads the options of a model"),
    ("Command", "Django finds a command by the name of its file"),
    ("add_arguments", "a command's arguments"),
    ("handle", "what a command does"),
    ("SuperuserAdminSite", "named by `config.apps`"),
    ("StaffAdminSite", "named by `config.apps`"),
    ("RulesBackend", "named by the settings"),
    ("AccountAdapter", "named by the settings"),
    (
        "unreadable",
        "named by the addresses: what answers a query that can't be read",
    ),
    ("initial", "the framework begins with it, whatever is asked"),
    ("describe_times", "named by the settings"),
    ("PersonAuthentication", "named by the settings"),
    (
        "PersonScheme",
        "the description finds the classes of its extensions",
    ),
    (
        "get_security_definition",
        "the description asks how people show who they are",
    ),
    (
        "get_security_requirement",
        "the description asks which ways are enough",
    ),
    (
        "enforce_csrf",
        "the framework asks for the token against forgery",
    ),
    (
        "matching",
        "tests of access rules, which are left out, say in plain Python what queries ask",
    ),
    ("has_perm", "Django asks the backend what somebody may do"),
    ("has_module_perms", "Django asks the backend"),
    ("get_all_permissions", "Django asks the backend"),
    (
        "has_view_permission",
        "the admin asks whether a row is seen",
    ),
    (
        "has_change_permission",
        "the admin asks whether a row is changed",
    ),
    (
        "has_delete_permission",
        "the admin asks whether a row is deleted",
    ),
    (
        "has_module_permission",
        "the admin asks whether an app is listed",
    ),
    (
        "get_sortable_by",
        "the admin asks which columns a list is sorted by",
    ),
    ("get_search_fields", "the admin asks what is searched"),
    ("lookup_allowed", "the admin asks what rows are chosen by"),
    ("get_urls", "the addresses of the admin's pages"),
    ("user_change_password", "a page of the admin"),
    ("save_formset", "the admin writes rows of an inline"),
    ("ReadableFilterBackend", "named by the settings"),
    ("ReadableSearch", "named by the settings"),
    ("ReadableOrdering", "named by the settings"),
    ("DocumentParser", "named by the settings"),
    ("PagesOfRows", "named by the settings"),
    ("RowSchema", "named by the settings"),
    ("add_problems", "named by the settings"),
    ("answer_problem", "named by the settings"),
    (
        "accepted_renderer",
        "the framework writes an answer with it",
    ),
    (
        "build_property_field",
        "a serializer asks how a derived value is shown",
    ),
    ("get_validators", "a serializer asks which rules it has"),
    ("retrieve", "a router finds it"),
    ("partial_update", "a router finds it"),
    ("destroy", "a router finds it"),
    ("do_*", "a router finds the action of a lifecycle"),
    (
        "get_paginated_response_schema",
        "the description of the API asks a page",
    ),
    (
        "get_schema_operation_parameters",
        "the description of the API asks a page",
    ),
    ("has_permission", "the admin site asks it"),
    ("confirm_login_allowed", "the sign-in form asks it"),
    ("login_form", "the admin site reads it"),
    ("get_queryset", "a manager's own queries"),
    ("get_by_natural_key", "Django finds the user who signs in"),
    ("admin_order_field", "a list is sorted by it"),
    ("create_superuser", "`manage.py createsuperuser`"),
    ("changeform_view", "the admin's pages"),
    ("changelist_view", "the admin's pages"),
    ("NullCharacterMiddleware", "named by the settings"),
    ("ActingMiddleware", "named by the settings"),
    ("SessionMiddleware", "named by the settings"),
    ("SignInMiddleware", "named by the settings"),
    ("process_exception", "Django tells a middleware of an error"),
    ("default_empty_html", "a form asks what is meant by nothing"),
    (
        "accepted_media_type",
        "the framework writes an answer with it",
    ),
    ("get_search_terms", "a list asks what is looked for"),
    ("get_ordering", "a list asks what it is sorted by"),
    (
        "has_add_permission",
        "the admin asks whether rows can be added",
    ),
    ("bulk_update", "a queryset's way to write rows"),
    ("get_form", "the admin's pages"),
    ("get_fieldsets", "the admin's pages"),
    (
        "get_deleted_objects",
        "the admin asks what a deletion takes along",
    ),
    ("lookups", "a filter of a list says what can be chosen"),
    (
        "has_restore_permission",
        "the admin asks whether an action is allowed",
    ),
    ("restore_selected", "an action of a list, by its name"),
    ("purge_selected", "an action of a list, by its name"),
    (
        "can_fast_delete",
        "Django asks whether rows have to be looked at",
    ),
    ("as_sql", "Django compiles an expression"),
    ("as_sqlite", "Django compiles an expression for SQLite"),
    ("__class_getitem__", "Python subscripts a class"),
    ("__set_name__", "Python tells a descriptor its name"),
    ("prepare_value", "a form shows it"),
    ("formfield", "Django asks a model field for that of a form"),
    ("bulk_create", "a queryset's way to insert rows"),
    ("refresh_from_db", "a model's way to read itself again"),
    ("describe", "migrations print it"),
    ("AddRules", "migrations, which are left out, use it"),
    ("AddAcrossRows", "migrations, which are left out, use it"),
    ("RemoveAcrossRows", "migrations, which are left out, use it"),
    (
        "resolve_expression",
        "Django makes an expression part of a query",
    ),
    (
        "check_constraints",
        "Django asks what waits for the end of a transaction",
    ),
    ("add_constraint", "Django changes a table"),
    ("remove_constraint", "Django changes a table"),
    ("add_field", "Django changes a table"),
    ("remove_field", "Django changes a table"),
    ("alter_field", "Django changes a table"),
    ("SchemaEditorClass", "Django asks a connection for it"),
    ("commit", "Django ends a transaction"),
    ("rollback", "Django ends a transaction"),
    ("step", "SQLite adds a row to a sum"),
    ("finalize", "SQLite asks for a sum"),
    ("state_forwards", "migrations call it"),
    ("database_forwards", "migrations call it"),
    ("database_backwards", "migrations call it"),
    (
        "constraint_sql",
        "Django makes a table with its constraints",
    ),
    ("create_sql", "Django adds a constraint to a table"),
    ("remove_sql", "Django removes a constraint from a table"),
    ("validate", "Django asks a constraint about a row"),
];

/// No class, function, method or import that nothing uses; what only tests use counts as unused.
pub(super) fn there_is_none(project: &Project) -> Verdict {
    let database = Database::create(Kind::Sqlite);
    let mut command = project.command(&project.python.interpreter, Stage::Development, &database);
    let names: Vec<&str> = CALLED_BY_NAME.iter().map(|(name, _)| *name).collect();
    command
        .args(["-m", "vulture", ".", "--exclude"])
        .arg("*/migrations/*,*/tests/*,*/core/testing.py,*/core/testing_access.py,*/core/testing_api.py,*/core/ways.py")
        .args([
            "--ignore-decorators",
            "@admin.register,@on_create,@with_others,@receiver",
        ])
        .arg("--ignore-names")
        .arg(names.join(","));
    let ran = Ran::of(&mut command);
    // Models, admin pages and settings are full of variables that Django reads.
    let dead: Vec<&str> = ran
        .stdout
        .lines()
        .filter(|line| !line.contains(": unused variable "))
        // What can be done with rows is there for those who build on the project: no page and no job does it yet.
        .filter(|line| !line.contains("/services.py:"))
        .filter(|line| !line.contains("core/writes.py:") && !line.contains("core/granting.py:"))
        .collect();
    if dead.is_empty() && matches!(ran.status.code(), Some(0 | 3)) {
        Ok(())
    } else {
        Err(format!(
            "$ {}\n{}\n{}",
            ran.command,
            dead.join("\n"),
            ran.stderr
        ))
    }
}
