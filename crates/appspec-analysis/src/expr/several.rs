//! Which rows a rule over several rows is about.

use appspec_diagnostics::{Diagnostic, Span, codes};
use appspec_ir::{Comparison, Entity, Expr, ExprKind, Field, FieldType, Id, Rows, Type, Value};
use appspec_syntax::ast::{self, Name};

use super::lowerer::{Lowerer, value};
use crate::lower::layout::{Body, Entry, Slot};
use crate::names::{Decl, Found, near, wrong_kind};

/// The rows, as far as they are known before what is said of them.
pub(super) enum Which {
    /// Those to which a relation leads.
    Related(Rows),
    /// Those of an entity that a condition picks.
    Picked,
}

impl<'l, 'a> Lowerer<'l, 'a> {
    /// The rows that a rule over several rows is about, and the body of their entity.
    pub(super) fn which(&mut self, each: &ast::Each) -> Option<(Which, usize)> {
        let (which, entity) = if let ast::Summary::Exists(_) = &each.summary {
            let entity = self.named_entity(&each.rows, &each.row)?;
            (Which::Picked, entity)
        } else {
            let (rows, entity) = self.related(each)?;
            (Which::Related(rows), entity)
        };
        Some((which, self.body_of(entity)?))
    }

    /// The entity that a path names.
    fn named_entity(&mut self, path: &ast::Path, row: &Name) -> Option<Id<Entity>> {
        let words: Vec<&str> = path.names.iter().map(|name| name.text.as_str()).collect();
        match self.names().find_path(self.site.module, &words) {
            Found::Decl(found) => match found.decl {
                Decl::Entity(id) => Some(id),
                other => {
                    self.out.push(wrong_kind(path, other, "an entity"));
                    None
                }
            },
            Found::Poisoned => None,
            Found::Nothing => {
                let finding = self.related_already(path, row);
                let finding = finding
                    .unwrap_or_else(|| self.names().unknown(self.site.module, path, "entity"));
                self.out.push(finding);
                None
            }
        }
    }

    /// That a path in the place of an entity names rows which are related to this one.
    fn related_already(&self, path: &ast::Path, row: &Name) -> Option<Diagnostic> {
        let [name] = path.names.as_slice() else {
            return None;
        };
        let inverses = inverses(&self.layout.bodies, self.body()?.entity);
        let pointing = inverses.iter().find(|it| it.name == name.text);
        let held = || match self.entry(&name.text)? {
            (Entry::Field(at), _) => {
                let slot = self.body()?.slots.get(at)?;
                matches!(slot.ty, Some(FieldType::Many(_))).then_some(slot)
            }
            (Entry::Computed(_) | Entry::OneOf(_), _) => None,
        };
        let slot = pointing.map(|it| it.slot).or_else(held)?;
        Some(
            Diagnostic::new(
                &codes::name::WRONG_KIND,
                path.span,
                format!(
                    "`{}` are rows that are related to this one, and no entity",
                    name.text
                ),
            )
            .label("no entity")
            .note(slot.ast.name.span, "the relation")
            .help(format!("write `some({} in {} has …)`", row.text, name.text)),
        )
    }

    /// The rows to which a name leads.
    fn related(&mut self, each: &ast::Each) -> Option<(Rows, Id<Entity>)> {
        let [name] = each.rows.names.as_slice() else {
            self.out.push(
                Diagnostic::new(
                    &codes::syntax::NOT_IN_THIS_VERSION,
                    each.rows.span,
                    "the rows that point to another row are not in this version",
                )
                .label("more than one step away")
                .help("say it in the entity of that row"),
            );
            return None;
        };
        if let Some((Entry::Field(at), _)) = self.entry(&name.text)
            && let Some(slot) = self.body()?.slots.get(at)
        {
            match &slot.ty {
                Some(FieldType::Many(many)) => return Some((Rows::Held(slot.id), many.target)),
                // Nobody knows where it leads; that was reported.
                None => return None,
                Some(_) => {}
            }
        }
        let entity = self.body()?.entity;
        let inverses = inverses(&self.layout.bodies, entity);
        let Some(found) = inverses.iter().find(|it| it.name == name.text) else {
            self.no_rows(name, &inverses);
            return None;
        };
        if found.is_one {
            self.out.push(
                Diagnostic::new(
                    &codes::syntax::NOT_IN_THIS_VERSION,
                    name.span,
                    format!(
                        "`{}` is one row at most; a rule over it is not in this version",
                        name.text
                    ),
                )
                .label("one row")
                .note(
                    found.slot.ast.name.span,
                    "no two of them point to the same row",
                )
                .help("write the rule where the reference is declared"),
            );
            return None;
        }
        Some((found.rows, found.owner))
    }

    /// Says that a name leads to no rows.
    fn no_rows(&mut self, name: &Name, inverses: &[Inverse<'l, 'a>]) {
        let Some(body) = self.body() else { return };
        if let Some((_, declared)) = self.entry(&name.text) {
            self.out.push(
                Diagnostic::new(
                    &codes::name::WRONG_KIND,
                    name.span,
                    format!(
                        "`{}` is one value of the row, and not several rows",
                        name.text
                    ),
                )
                .label("one value")
                .note(declared, "declared here")
                .help("name a `many`, or the `inverse` of a reference that leads here"),
            );
            return;
        }
        let mut slots = self.layout.bodies.iter().flat_map(|body| &body.slots);
        let is_broken = slots.any(|slot| {
            let inverse = slot.ast.inverse.as_ref();
            slot.ty.is_none() && inverse.is_some_and(|inverse| inverse.text == name.text)
        });
        if is_broken {
            // It may lead here; that its type is none was reported.
            return;
        }
        let finding = Diagnostic::new(
            &codes::name::UNKNOWN,
            name.span,
            format!("no rows of `{}` are called `{}`", body.name, name.text),
        )
        .label("not declared");
        let known = inverses.iter().map(|inverse| inverse.name);
        let finding = match self.names().closest(&name.text, known) {
            Some(meant) => near::field(finding, name.span, &name.text, meant),
            None if body.is_incomplete => return,
            None => finding.help(format!(
                "give a reference to `{}` this name: `inverse {}`",
                body.name, name.text
            )),
        };
        self.out.push(finding);
    }

    /// Says that several rows are no value, where a path means those that point here, or something of them.
    pub(super) fn are_rows(&self, path: &ast::Path) -> Option<Diagnostic> {
        let name = path.names.first()?;
        let finding = self.rows_of(self.body()?, name)?;
        let row = self.one_of(name);
        let each = format!("{row} in {}", name.text);
        if let [_, last] = path.names.as_slice()
            && HOW_MANY.contains(&last.text.as_str())
        {
            let ours = format!("count({each})");
            let help = format!("write `{ours}` for how many there are");
            return Some(finding.help(help).edit(path.span, ours));
        }
        Some(finding.help(format!(
            "say something of them: `count({each})`, `sum({row}.… for {each})`, `all({each} have …)` or `some({each} has …)`"
        )))
    }

    /// What one of these rows can be called.
    pub(super) fn one_of(&self, name: &Name) -> String {
        let row: String = name.text.chars().take(1).collect();
        if self.entry(&row).is_some() {
            "each".to_owned()
        } else {
            row
        }
    }

    /// The finding for a function of another language, or one of ours, that is given rows: `len(lines)`, `max(lines.amount)`.
    pub(super) fn given_rows(
        &self,
        function: &Name,
        arguments: &[ast::Expr],
        span: Span,
    ) -> Option<Diagnostic> {
        let [
            ast::Expr {
                kind: ast::ExprKind::Path(path),
                ..
            },
        ] = arguments
        else {
            return None;
        };
        let (name, more) = path.names.split_first()?;
        let rows = self
            .rows_of(self.body()?, name)
            .filter(|_| self.outer.is_none())?;
        let row = self.one_of(name);
        let each = format!("{row} in {}", name.text);
        let word = function.text.to_ascii_lowercase();
        let finding = |help: String| {
            Diagnostic::new(
                &codes::types::FUNCTION_ARGUMENTS,
                function.span,
                format!("`{}` is given several rows", function.text),
            )
            .label("takes single values")
            .note(path.span, "several rows")
            .help(help)
        };
        match (word.as_str(), more) {
            (word, []) if HOW_MANY.contains(&word) => {
                let ours = format!("count({each})");
                let help = format!("write `{ours}` for how many there are");
                Some(rows.help(help).edit(span, ours))
            }
            ("min" | "max", [value]) => {
                let ours = format!("{word}({row}.{} for {each})", value.text);
                Some(finding(format!(
                    "write `{ours} otherwise …` to say what counts where there are no rows"
                )))
            }
            ("avg" | "average" | "mean", [value]) => Some(finding(format!(
                "compare the sum with their number: `sum({row}.{} for {each}) > 3 * count({each})` for an average above 3",
                value.text
            ))),
            _ => None,
        }
    }

    /// That a name behind a row means the rows which point to it.
    pub(super) fn rows_of(&self, body: &Body<'_>, name: &Name) -> Option<Diagnostic> {
        let entity = body.entity?;
        let inverses = inverses(&self.layout.bodies, Some(entity));
        let found = inverses.iter().find(|it| it.name == name.text)?;
        let (what, relation) = match found.rows {
            Rows::Holding(_) => ("are the rows that hold", "the relation"),
            _ if found.is_one => ("is the row that points to", "the reference"),
            _ => ("are the rows that point to", "the reference"),
        };
        Some(
            Diagnostic::new(
                &codes::name::WRONG_KIND,
                name.span,
                format!("`{}` {what} `{}`, and no value of it", name.text, body.name),
            )
            .label("no value")
            .note(found.slot.ast.name.span, relation),
        )
    }

    /// Where the body of an entity stands.
    fn body_of(&self, entity: Id<Entity>) -> Option<usize> {
        let mut bodies = self.layout.bodies.iter();
        bodies.position(|body| body.entity == Some(entity))
    }

    /// `exists(p in Price where p.country == country and …)`: the field that the rows share with the one here, and what else
    /// is asked of them.
    pub(super) fn matching(&mut self, condition: Expr, span: Span) -> Option<(Rows, Expr)> {
        let at = condition.span;
        let mut parts = match condition.kind {
            ExprKind::And(parts) => parts,
            kind => vec![Expr { kind, ..condition }],
        };
        let mut known = parts.iter().enumerate();
        let known = known.find_map(|(place, part)| Some((place, shared(part)?)));
        let Some((place, rows)) = known else {
            let finding = if self.site.place.is_asked() {
                Diagnostic::new(
                    &codes::types::NOT_IN_A_RULE,
                    span,
                    "what is asked here has nothing to do with the row",
                )
                .label("the same for each row")
                .help("say who may as a role: `role Clerk from Staff s for s.user`; or compare a field of those rows with one of this row, or with `this`")
            } else {
                Diagnostic::new(
                    &codes::types::NOT_IN_A_RULE,
                    span,
                    "any row anywhere could break this rule: each write there would have to ask all rows here",
                )
                .label("no reference, text, day or whole number of those rows has to equal one of this row")
                .help("join the condition with `and` to what they have in common, a reference, a text, a day or a whole number: `exists(p in Price where p.country == country and …)`")
            };
            self.out.push(finding);
            return None;
        };
        parts.remove(place);
        let more = match parts.len() {
            0 => value(Value::Bool(true), Type::Bool, at),
            1 => parts.remove(0),
            _ => Expr {
                kind: ExprKind::And(parts),
                ty: Type::Bool,
                span: at,
            },
        };
        Some((rows, more))
    }
}

/// The rows of which a condition says that a field equals one of the row here, or leads to it.
fn shared(part: &Expr) -> Option<Rows> {
    let ExprKind::Compare(Comparison::Equal, a, b) = &part.kind else {
        return None;
    };
    // Other types are written in more than one way, and so found by another text than their own.
    let is_one_text = |ty: Type| {
        matches!(
            ty,
            Type::Bool
                | Type::Int
                | Type::Text
                | Type::Date
                | Type::Uuid
                | Type::Enum(_)
                | Type::Reference(_)
        )
    };
    if a.ty != b.ty || !is_one_text(a.ty) {
        return None;
    }
    let rows = |theirs: Id<Field>, here: &Expr| {
        let ExprKind::Outer(inner) = &here.kind else {
            return None;
        };
        match inner.kind {
            ExprKind::Field(own) => Some(Rows::Matching { theirs, own }),
            ExprKind::This => Some(Rows::Pointing(theirs)),
            _ => None,
        }
    };
    match (&a.kind, &b.kind) {
        (ExprKind::Field(theirs), _) => rows(*theirs, b),
        (_, ExprKind::Field(theirs)) => rows(*theirs, a),
        _ => None,
    }
}

/// What is asked elsewhere for the number of several things.
const HOW_MANY: &[&str] = &["count", "len", "length", "size"];

/// The key of a row, which no rule reads.
pub(super) fn no_key(name: &Name) -> Diagnostic {
    Diagnostic::new(
        &codes::types::NOT_IN_A_RULE,
        name.span,
        "the key `id` of a row can't be used in a rule",
    )
    .label("made by the database or the application")
}

/// A relation under the name by which the other side sees it.
struct Inverse<'l, 'a> {
    name: &'l str,
    slot: &'l Slot<'a>,
    owner: Id<Entity>,
    rows: Rows,
    /// Whether it leads to one row at most.
    is_one: bool,
}

/// The relations to an entity that have a name there.
fn inverses<'l, 'a>(bodies: &'l [Body<'a>], entity: Option<Id<Entity>>) -> Vec<Inverse<'l, 'a>> {
    let mut found = Vec::new();
    for body in bodies {
        let Some(owner) = body.entity else { continue };
        for slot in &body.slots {
            let (target, inverse, rows, is_one) = match &slot.ty {
                Some(FieldType::Relation(relation)) => (
                    relation.target,
                    &relation.inverse,
                    Rows::Pointing(slot.id),
                    relation.one_to_one,
                ),
                Some(FieldType::Many(many)) => {
                    (many.target, &many.inverse, Rows::Holding(slot.id), false)
                }
                _ => continue,
            };
            if let Some(inverse) = inverse
                && Some(target) == entity
            {
                found.push(Inverse {
                    name: &inverse.name,
                    slot,
                    owner,
                    rows,
                    is_one,
                });
            }
        }
    }
    found
}
