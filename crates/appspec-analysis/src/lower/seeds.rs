use std::collections::{BTreeMap, HashMap, HashSet};

use appspec_diagnostics::{Diagnostic, Diagnostics, Root, Span, codes};
use appspec_ir::{Arena, Entity, Field, FieldType, Id, ListItem, Seed, SeedRow, SeedValue, Value};
use appspec_syntax::ast::{self, ExprKind};

use super::constant::fit;
use super::layout::{Body, Entry, Layout, Slot};
use super::members::Members;
use super::named::Shape;
use super::{defaults, one_of, seed_keys, seed_order};
use crate::checks::spelling::snake_case;
use crate::names::{In, duplicate, near};

/// The handles of all rows of an entity, wherever they are written.
type Handles<'a> = BTreeMap<Id<Entity>, HashMap<&'a str, Span>>;

/// Lowers all seeds. `members` are those of each entity, mixins included.
pub(super) fn lower(
    layout: &Layout<'_>,
    members: &[Members],
    out: &mut Diagnostics,
) -> Arena<Seed> {
    let before = out.len();
    // Rules ask whether they are empty: it is their `?` that is missing, and not a value.
    let asked: HashSet<Span> = out
        .iter()
        .filter(|it| it.code.id == codes::types::ALWAYS_SET.id)
        .filter_map(|it| it.root.as_ref())
        .map(|root| root.at)
        .collect();
    let mut found: Vec<(&In<'_, ast::Seed>, Id<Entity>)> = Vec::new();
    let mut handles = Handles::new();
    let mut homeless = HashSet::new();
    for seed in &layout.names.seeds {
        let path = &seed.item.entity;
        let Some(entity) = layout.names.resolve_entity(seed.module, path, out) else {
            homeless.extend(seed.item.rows.iter().map(|row| row.handle.text.as_str()));
            continue;
        };
        let known = handles.entry(entity).or_default();
        for row in &seed.item.rows {
            let handle = &row.handle;
            if let Some(first) = known.get(handle.text.as_str()) {
                out.push(duplicate(&handle.text, handle.span, *first));
            } else {
                known.insert(&handle.text, handle.span);
            }
        }
        found.push((seed, entity));
    }
    let mut seeds: Vec<Seed> = Vec::with_capacity(found.len());
    for (seed, entity) in &found {
        let Some((body, members)) = layout.entity(*entity).zip(members.get(entity.index())) else {
            continue;
        };
        let mut rows = Rows {
            layout,
            body,
            members,
            seed,
            handles: &handles,
            homeless: &homeless,
            asked: &asked,
            fields: members
                .fields
                .iter()
                .map(|(id, field)| (*id, field))
                .collect(),
            unknown: BTreeMap::new(),
            out,
        };
        seeds.push(Seed {
            entity: *entity,
            key: Vec::new(),
            rows: seed
                .item
                .rows
                .iter()
                .filter_map(|row| rows.row(row))
                .collect(),
            span: seed.item.span,
        });
        rows.tell_unknown();
    }
    // Which key they have and in which order they come is asked when all rows are whole.
    if out.len() == before {
        seed_keys::find(layout, members, &mut seeds, out);
        seeds = seed_order::sorted(layout, &seeds, out);
    } else {
        seed_keys::find_repeated(members, &seeds, out);
    }
    let mut arena = Arena::new();
    for seed in seeds {
        arena.push(seed);
    }
    arena
}

struct Rows<'r, 'a> {
    layout: &'r Layout<'a>,
    body: &'r Body<'a>,
    members: &'r Members,
    seed: &'r In<'a, ast::Seed>,
    handles: &'r Handles<'a>,
    /// The handles of rows whose entity is not known: the one that is looked for may be among them.
    homeless: &'r HashSet<&'a str>,
    /// Where fields are declared without the `?` that rules take for granted.
    asked: &'r HashSet<Span>,
    fields: HashMap<Id<Field>, &'r Field>,
    /// The names of no field, each with every place: one slip is one finding, however many rows have it.
    unknown: BTreeMap<&'r str, Vec<Span>>,
    out: &'r mut Diagnostics,
}

impl<'r, 'a> Rows<'r, 'a> {
    /// `None` where something about it is not known, which is told.
    fn row(&mut self, row: &'r ast::SeedRow) -> Option<SeedRow> {
        let told = self.out.len();
        let mut is_known = true;
        let mut given: HashMap<Id<Field>, Span> = HashMap::new();
        let mut values = Vec::with_capacity(row.values.len());
        for value in &row.values {
            let name = &value.field;
            if let Some((Entry::OneOf(at), _)) = self.body.entries.get(name.text.as_str()) {
                if let Some(whole) = self.body.one_of.get(*at) {
                    self.out.push(one_of::no_seed(whole, self.body, value));
                }
                is_known = false;
                continue;
            }
            let Some(slot) = self.slot(name) else {
                let places = self.unknown.entry(&name.text).or_default();
                places.push(name.span);
                is_known = false;
                continue;
            };
            if let Some(first) = given.insert(slot.id, name.span) {
                self.out.push(
                    Diagnostic::new(
                        &codes::name::DUPLICATE,
                        name.span,
                        format!("`{}` is given twice", name.text),
                    )
                    .label("given again here")
                    .note(first, "first given here")
                    .help("remove one of the two"),
                );
                continue;
            }
            if self
                .fields
                .get(&slot.id)
                .is_some_and(|it| it.serial.is_some())
            {
                self.number(row, slot, value.value.span);
                continue;
            }
            if let Some(lowered) = self.value(slot.id, slot.ty.as_ref(), &value.value) {
                values.push((slot.id, lowered));
            }
        }
        // A value under a wrong name is perhaps the one that would be missed.
        if is_known {
            self.complete(row, &given);
        }
        let is_whole = is_known && self.out.len() == told;
        is_whole.then(|| SeedRow {
            handle: row.handle.text.clone(),
            values,
            span: row.handle.span,
        })
    }

    fn slot(&self, name: &ast::Name) -> Option<&'r Slot<'a>> {
        let body = self.body;
        match body.entries.get(name.text.as_str()) {
            Some((Entry::Field(at), _)) => body.slots.get(*at),
            _ => None,
        }
    }

    /// A value for a number of the system, which the database would refuse with the whole row.
    fn number(&mut self, row: &ast::SeedRow, slot: &Slot<'_>, at: Span) {
        let name = &slot.ast.name;
        let given = |id: &Id<Field>| {
            let slot = self.body.slots.iter().find(|it| it.id == *id);
            let is_number = self.fields.get(id).is_none_or(|it| it.serial.is_some());
            let is_given = |slot: &Slot<'_>| {
                row.values
                    .iter()
                    .any(|it| it.field.text == slot.ast.name.text)
            };
            !is_number && slot.is_some_and(is_given)
        };
        let is_found = seed_keys::candidates(self.members)
            .iter()
            .any(|key| key.iter().all(given));
        let key = if is_found {
            ""
        } else {
            ", and make another field that all rows give `unique`: rows are found again by it"
        };
        self.out.push(
            Diagnostic::new(
                &codes::seed::VALUE_DOES_NOT_FIT,
                at,
                format!("nobody gives `{}`: the system numbers the rows", name.text),
            )
            .label("gives a number")
            .note(name.span, "each row gets its number when it is made")
            .help(format!("leave `{}` out{key}", name.text)),
        );
    }

    fn tell_unknown(&mut self) {
        for (name, places) in std::mem::take(&mut self.unknown) {
            let Some((first, others)) = places.split_first() else {
                continue;
            };
            let finding = Diagnostic::new(
                &codes::name::UNKNOWN,
                *first,
                format!("`{}` has no field `{name}`", self.body.name),
            );
            let fields = self
                .body
                .slots
                .iter()
                .map(|slot| slot.ast.name.text.as_str());
            let meant = self.layout.names.closest(name, fields);
            let finding = finding.rooted(self.body.root(name, meant.map(|it| it.name)));
            let finding = match meant {
                // Whoever writes the name as it should be has nothing to change here.
                Some(meant) if snake_case(meant.name) == name => {
                    near::field(finding, *first, name, meant)
                }
                Some(meant) => others
                    .iter()
                    .fold(finding.did_you_mean(*first, meant), |finding, place| {
                        finding.edit_if(meant.is_certain, *place, meant.name)
                    }),
                None if self.body.is_incomplete => continue,
                None => finding.help(format!("name a field of `{}`", self.body.name)),
            };
            self.out.push(finding);
        }
    }

    /// Every field has a value or a way to get one.
    fn complete(&mut self, row: &ast::SeedRow, given: &HashMap<Id<Field>, Span>) {
        let missing: Vec<&Slot<'_>> = self
            .body
            .slots
            .iter()
            .filter(|slot| {
                let needed = self.fields.get(&slot.id).is_some_and(|field| {
                    field.is_column() && !field.optional && !field.is_given_by_writes()
                });
                // As written: a default that was refused is not a missing one.
                let is_told = self.asked.contains(&slot.ast.name.span);
                needed && !is_told && slot.ast.default.is_none() && !given.contains_key(&slot.id)
            })
            .collect();
        let Some(first) = missing.first() else { return };
        let names: Vec<String> = missing
            .iter()
            .map(|slot| format!("`{}`", slot.ast.name.text))
            .collect();
        self.out.push(
            Diagnostic::new(
                &codes::seed::MISSING_VALUE,
                row.handle.span,
                format!(
                    "the row `{}` gives no {}",
                    row.handle.text,
                    names.join(", ")
                ),
            )
            .label("incomplete row")
            .note(first.ast.name.span, "required, and without a default")
            .help("give a value, or give the field a default")
            .rooted(Root::new(first.ast.name.span, names.join(", "))),
        );
    }

    fn value(
        &mut self,
        id: Id<Field>,
        ty: Option<&FieldType>,
        expr: &ast::Expr,
    ) -> Option<SeedValue> {
        match ty? {
            FieldType::Scalar(scalar) => self.constant(id, Shape::Scalar(*scalar), expr),
            FieldType::Enum(choice) => self.constant(id, Shape::Enum(*choice), expr),
            FieldType::List(item) => self.list(id, *item, expr),
            FieldType::Relation(relation) => self.reference(relation.target, expr),
            FieldType::Many(_) => {
                self.out.push(
                    Diagnostic::new(
                        &codes::syntax::NOT_IN_THIS_VERSION,
                        expr.span,
                        "seed rows with relations to many rows are not in this version",
                    )
                    .help("seed the rows of the link, or leave the field out"),
                );
                None
            }
        }
    }

    fn constant(&mut self, id: Id<Field>, shape: Shape, expr: &ast::Expr) -> Option<SeedValue> {
        match fit(self.layout.names, self.seed.module, expr, shape) {
            Ok(value) => {
                let bounds = self.fields.get(&id).map_or(&[][..], |field| &field.bounds);
                let code = &codes::seed::VALUE_DOES_NOT_FIT;
                defaults::within(bounds, &value, code, expr.span, self.out)
                    .then_some(SeedValue::Value(value))
            }
            Err(misfit) => {
                misfit.report(&codes::seed::VALUE_DOES_NOT_FIT, expr.span, self.out);
                None
            }
        }
    }

    fn list(&mut self, id: Id<Field>, item: ListItem, expr: &ast::Expr) -> Option<SeedValue> {
        let ExprKind::List(items) = &expr.kind else {
            self.out.push(
                Diagnostic::new(
                    &codes::seed::VALUE_DOES_NOT_FIT,
                    expr.span,
                    "the field holds a list",
                )
                .help("write `[…]`"),
            );
            return None;
        };
        let shape = match item {
            ListItem::Scalar(scalar) => Shape::Scalar(scalar),
            ListItem::Enum(id) => Shape::Enum(id),
        };
        let values: Vec<Option<Value>> = items
            .iter()
            .map(|item| {
                fit(self.layout.names, self.seed.module, item, shape)
                    .map_err(|misfit| {
                        misfit.report(&codes::seed::VALUE_DOES_NOT_FIT, item.span, self.out);
                    })
                    .ok()
            })
            .collect();
        let values = values.into_iter().collect::<Option<Vec<Value>>>()?;
        let bounds = self.fields.get(&id).map_or(&[][..], |field| &field.bounds);
        let code = &codes::seed::VALUE_DOES_NOT_FIT;
        defaults::has_room(bounds, values.len(), code, expr.span, self.out)
            .then_some(SeedValue::List(values))
    }

    /// The handle of another row.
    fn reference(&mut self, target: Id<Entity>, expr: &ast::Expr) -> Option<SeedValue> {
        let entity = self.layout.names.entity_name(target);
        let handle = match &expr.kind {
            ExprKind::Path(path) => match path.names.as_slice() {
                [only] => Some(only),
                _ => None,
            },
            _ => None,
        };
        let Some(handle) = handle else {
            self.out.push(
                Diagnostic::new(
                    &codes::seed::VALUE_DOES_NOT_FIT,
                    expr.span,
                    format!("this is no row of `{entity}`"),
                )
                .help(format!(
                    "write the word before the braces of a row in `seed {entity}`"
                )),
            );
            return None;
        };
        let known = self.handles.get(&target);
        if known.is_some_and(|known| known.contains_key(handle.text.as_str())) {
            return Some(SeedValue::Row(handle.text.clone()));
        }
        if self.homeless.contains(handle.text.as_str()) {
            return None;
        }
        let finding = Diagnostic::new(
            &codes::name::UNKNOWN,
            handle.span,
            format!("no seed row `{}` of `{entity}`", handle.text),
        );
        // Sorted, because a hash decides nothing that people see.
        let mut candidates: Vec<&str> = known
            .map(|known| known.keys().copied().collect())
            .unwrap_or_default();
        candidates.sort_unstable();
        let meant = self.layout.names.closest(&handle.text, candidates);
        let declared = meant.and_then(|it| Some((it.name, *known?.get(it.name)?)));
        let home = self.layout.entity(target).map(|body| body.declared);
        let home = home.unwrap_or(handle.span);
        let finding = finding.rooted(near::root(&handle.text, declared, home));
        self.out.push(match meant {
            Some(meant) => finding.did_you_mean(handle.span, meant),
            None => finding.help(format!(
                "add the row: `seed {entity} {{ {} {{ … }} }}`",
                handle.text
            )),
        });
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::findings;

    #[test]
    fn a_default_that_was_refused_is_not_missing_from_a_row() {
        let rows = |default: &str| {
            findings(&format!(
                "entity A {{\n k: int {default} in 0..5\n n: int unique\n}}\nseed A {{ a {{ n: 1 }} }}"
            ))
        };
        assert_eq!(
            rows("= 99"),
            ["type::default_does_not_fit: this is outside of the bounds of the field"]
        );
        assert_eq!(rows(""), ["seed::missing_value: the row `a` gives no `k`"]);
    }

    #[test]
    fn a_number_of_the_system_is_given_by_no_row() {
        let rows = |members: &str, row: &str| {
            findings(&format!(
                "entity A {{\n number: serial \"A-{{0000}}\"\n{members}\n}}\nseed A {{ a {{ {row} }} }}"
            ))
        };
        let told = ["seed::value_does_not_fit: nobody gives `number`: the system numbers the rows"];
        let given = "number: \"A-0001\", name: \"x\"";
        assert_eq!(rows("name: text(9) unique", given), told);
        assert_eq!(rows("name: text(9)", given), told);
        assert!(rows("name: text(9) unique", "name: \"x\"").is_empty());
    }

    #[test]
    fn a_wrong_field_name_is_told_once_and_nothing_is_missed_beside_it() {
        let rows = |rows: &str| {
            findings(&format!(
                "entity A {{\n name: text unique\n position: int\n}}\nseed A {{\n{rows}\n}}"
            ))
        };
        assert_eq!(
            rows("a { name: \"A\", positin: 1 }\nb { name: \"B\", positin: 2 }"),
            ["name::unknown: `A` has no field `positin`"]
        );
        assert_eq!(
            rows("a { name: \"A\", positin: 1 }\nb { name: \"B\" }"),
            [
                "name::unknown: `A` has no field `positin`",
                "seed::missing_value: the row `b` gives no `position`"
            ]
        );
    }
}
