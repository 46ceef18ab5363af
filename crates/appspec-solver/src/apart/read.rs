//! What a rule reads of other rows, as fields.

use std::collections::BTreeMap;

use appspec_diagnostics::Span;
use appspec_ir::{
    Each, Entity, Expr, ExprKind, Field, FieldType, Id, OnDelete, Rows, Scalar, Spec, Summary,
    Type, print,
};

/// Larger numbers than these are not added up: of the sum nothing would be known.
const MOST_ADDED: i128 = 10_i128.pow(18);

/// The digits before the point that a sum has at most: those of a million rows.
const DIGITS_OF_SUMS: u32 = 24;

/// What is said of several rows, and the field that stands for it.
pub(super) struct Said {
    /// Which rows.
    pub(super) rows: Rows,
    pub(super) field: Id<Field>,
    /// What is asked of each of them; nothing where all are meant.
    pub(super) condition: Option<Expr>,
    pub(super) what: What,
    /// Where the row of the rule is one of them: what is asked of it.
    pub(super) own: Option<Expr>,
    pub(super) span: Span,
}

/// What is said of several rows.
pub(super) enum What {
    All,
    Some,
    Count,
    /// The sum of this.
    Sum(Expr),
}

/// What rules of an entity read of other rows.
#[derive(Default)]
pub(super) struct Read {
    /// The fields that stand for it.
    pub(super) fields: Vec<Id<Field>>,
    pub(super) said: Vec<Said>,
    /// The fields of those that point here that stand for what is read of the row outside and behind references.
    pub(super) inside: Vec<Id<Field>>,
    /// What holds of the fields by the way in which they are found.
    pub(super) known: Vec<Expr>,
}

/// Reads the rules of one entity.
pub(super) struct Reader<'s> {
    spec: &'s mut Spec,
    owner: Id<Entity>,
    /// The fields that stand for what is read, by its text.
    made: BTreeMap<String, Id<Field>>,
    read: Read,
}

/// The references to a value and the field that holds it.
struct Way {
    first: Id<Field>,
    end: Id<Field>,
    /// Whether nothing behind the first reference can be missing.
    is_certain: bool,
}

impl<'s> Reader<'s> {
    pub(super) fn of(spec: &'s mut Spec, owner: Id<Entity>) -> Self {
        Self {
            spec,
            owner,
            made: BTreeMap::new(),
            read: Read::default(),
        }
    }

    pub(super) fn into_read(self) -> Read {
        self.read
    }

    /// A rule over fields of one row. `None` where something is read that no field stands for.
    pub(super) fn read(&mut self, expr: &Expr) -> Option<Expr> {
        match &expr.kind {
            ExprKind::Behind(reference, inner) => {
                let kind = self.behind(self.owner, "", *reference, inner)?;
                Some(Expr {
                    kind,
                    ..expr.clone()
                })
            }
            ExprKind::Each(each) => {
                let kind = ExprKind::Field(self.each(each, expr)?);
                Some(Expr {
                    kind,
                    ..expr.clone()
                })
            }
            ExprKind::Fallback(value, other) => {
                let field = self.missing(value)?;
                let other = self.read(other)?;
                Some(Expr {
                    kind: ExprKind::Otherwise(field, Box::new(other)),
                    ..expr.clone()
                })
            }
            ExprKind::Outer(_) | ExprKind::This | ExprKind::Me | ExprKind::Mine(_) => None,
            _ => within(expr, &mut |child| self.read(child)),
        }
    }

    /// A value that may be missing, because something on the way to it is, or because there are no rows.
    fn missing(&mut self, value: &Expr) -> Option<Id<Field>> {
        let key = format!("? {}", print(self.spec, value));
        if let Some(made) = self.made.get(&key) {
            return Some(*made);
        }
        let mut field = Field {
            optional: true,
            ..self.standing(value, scalar_of(value.ty)?)
        };
        let way = self.way(value);
        if let Some(way) = &way {
            let end = self.spec.fields.find(way.end)?;
            if matches!(end.ty, FieldType::Scalar(_)) {
                field.ty = end.ty.clone();
                field.bounds.clone_from(&end.bounds);
            }
        }
        let id = self.make(key, field);
        if let Some(way) = way {
            self.is_there_with(id, &way, value);
        }
        Some(id)
    }

    /// How a value is found that is read behind references.
    fn way(&self, value: &Expr) -> Option<Way> {
        let ExprKind::Behind(first, inner) = &value.kind else {
            return None;
        };
        let mut end = inner;
        let mut is_certain = true;
        while let ExprKind::Behind(step, further) = &end.kind {
            is_certain &= !self.spec.fields.find(*step)?.optional;
            end = further;
        }
        let ExprKind::Field(id) = end.kind else {
            return None;
        };
        is_certain &= !self.spec.fields.find(id)?.optional;
        Some(Way {
            first: *first,
            end: id,
            is_certain,
        })
    }

    /// A value behind a reference is there only where the reference is, and then if nothing on the way can be missing.
    fn is_there_with(&mut self, id: Id<Field>, way: &Way, value: &Expr) {
        let truth = |kind| Expr {
            kind,
            ty: Type::Bool,
            span: value.span,
        };
        let found = truth(ExprKind::IsSet(id));
        let is_optional = self
            .spec
            .fields
            .find(way.first)
            .is_some_and(|it| it.optional);
        let implies =
            |a: &Expr, b: &Expr| truth(ExprKind::Implies(Box::new(a.clone()), Box::new(b.clone())));
        if is_optional {
            let led = truth(ExprKind::IsSet(way.first));
            self.read.known.push(implies(&found, &led));
            if way.is_certain {
                self.read.known.push(implies(&led, &found));
            }
        } else if way.is_certain {
            self.read.known.push(found);
        }
    }

    /// What is asked of one of several rows; `by` says which.
    fn inside(&mut self, expr: &Expr, entity: Id<Entity>, by: &str) -> Option<Expr> {
        let kind = match &expr.kind {
            ExprKind::Behind(reference, inner) => {
                let key = format!("{by}.");
                self.behind(entity, &key, *reference, inner)?
            }
            ExprKind::Outer(inner) => {
                let key = format!("{by}<");
                match &inner.kind {
                    ExprKind::Behind(reference, inner) => {
                        self.behind(entity, &key, *reference, inner)?
                    }
                    kind => self.standing_for(entity, &key, kind)?,
                }
            }
            // Which side of a fallback counts hangs on more than one row.
            ExprKind::Each(_) | ExprKind::Fallback(..) => return None,
            _ => return within(expr, &mut |child| self.inside(child, entity, by)),
        };
        Some(Expr {
            kind,
            ..expr.clone()
        })
    }

    /// What is read behind a reference, or behind several, of a field of its own.
    fn behind(
        &mut self,
        entity: Id<Entity>,
        key: &str,
        reference: Id<Field>,
        inner: &Expr,
    ) -> Option<ExprKind> {
        let mut key = format!("{key}{}.", reference.index());
        let mut name = self.spec.fields.find(reference)?.name.clone();
        let mut end = inner;
        while let ExprKind::Behind(step, further) = &end.kind {
            key = format!("{key}{}.", step.index());
            name = format!("{name}.{}", self.spec.fields.find(*step)?.name);
            end = further;
        }
        let kind = self.standing_for(entity, &key, &end.kind)?;
        // The first to read it has made it.
        if let ExprKind::Field(id) | ExprKind::IsSet(id) | ExprKind::Otherwise(id, _) = &kind
            && let Some(field) = self.spec.fields.find_mut(*id)
            && !field.name.contains('.')
        {
            field.name = format!("{name}.{}", field.name);
        }
        Some(kind)
    }

    /// The same read of a field that stands for one of another row.
    fn standing_for(&mut self, entity: Id<Entity>, key: &str, kind: &ExprKind) -> Option<ExprKind> {
        Some(match kind {
            ExprKind::Field(field) => ExprKind::Field(self.copy(entity, key, *field)?),
            ExprKind::IsSet(field) => ExprKind::IsSet(self.copy(entity, key, *field)?),
            ExprKind::Otherwise(field, other) if matches!(other.kind, ExprKind::Value(_)) => {
                ExprKind::Otherwise(self.copy(entity, key, *field)?, other.clone())
            }
            _ => return None,
        })
    }

    fn copy(&mut self, entity: Id<Entity>, key: &str, field: Id<Field>) -> Option<Id<Field>> {
        let key = format!("{key}{}", field.index());
        if let Some(made) = self.made.get(&key) {
            return Some(*made);
        }
        let mut copy = self.spec.fields.find(field)?.clone();
        copy.entity = entity;
        copy.default = None;
        copy.touched = false;
        copy.serial = None;
        copy.was = None;
        match &mut copy.ty {
            FieldType::Relation(relation) => {
                relation.one_to_one = false;
                relation.on_delete = OnDelete::Protect;
                relation.inverse = None;
            }
            FieldType::Many(_) => return None,
            FieldType::Scalar(_) | FieldType::Enum(_) | FieldType::List(_) => {}
        }
        Some(self.make(key, copy))
    }

    fn make(&mut self, key: String, field: Field) -> Id<Field> {
        let is_own = field.entity == self.owner && !key.contains('<');
        let id = self.spec.fields.push(field);
        self.made.insert(key, id);
        if is_own {
            self.read.fields.push(id);
        } else {
            self.read.inside.push(id);
        }
        id
    }

    /// A field that stands for what is said.
    fn standing(&self, said: &Expr, scalar: Scalar) -> Field {
        let name = print(self.spec, said);
        Field::plain(self.owner, name, FieldType::Scalar(scalar), said.span)
    }

    /// What is asked of the row of the rule, where it is one of several that have something in common with it: whatever
    /// shares the value of one field with it, and so does it.
    fn of_the_row_itself(&mut self, each: &Each) -> Option<Expr> {
        let Rows::Matching { theirs, own } = each.rows else {
            return None;
        };
        let (Summary::All(asked) | Summary::Some(asked) | Summary::Count(Some(asked))) =
            &each.summary
        else {
            return None;
        };
        if theirs != own {
            return None;
        }
        let asked = self.read(&without_outside(asked)?)?;
        if !self.spec.fields.find(own)?.optional {
            return Some(asked);
        }
        let is_set = Expr {
            kind: ExprKind::IsSet(own),
            ..asked.clone()
        };
        Some(match each.summary {
            Summary::All(_) => Expr {
                kind: ExprKind::Implies(Box::new(is_set), Box::new(asked.clone())),
                ..asked
            },
            _ => Expr {
                kind: ExprKind::And(vec![is_set, asked.clone()]),
                ..asked
            },
        })
    }

    /// What is said of several rows.
    fn each(&mut self, each: &Each, whole: &Expr) -> Option<Id<Field>> {
        // However one of them is called.
        let mut alike = whole.clone();
        if let ExprKind::Each(each) = &mut alike.kind {
            "x".clone_into(&mut each.row);
        }
        let by = format!("{:?}", each.rows);
        let key = format!("{by} {}", print(self.spec, &alike));
        if let Some(made) = self.made.get(&key) {
            return Some(*made);
        }
        let entity = each.rows.entity(self.spec)?;
        let mut asked = |condition: &Expr| self.inside(condition, entity, &by);
        let (condition, what, scalar) = match &each.summary {
            Summary::All(said) => (Some(asked(said)?), What::All, Scalar::Bool),
            Summary::Some(said) => (Some(asked(said)?), What::Some, Scalar::Bool),
            Summary::Count(None) => (None, What::Count, Scalar::BigInt),
            Summary::Count(Some(said)) => (Some(asked(said)?), What::Count, Scalar::BigInt),
            Summary::Sum(value, condition) => {
                let condition = match condition {
                    Some(condition) => Some(asked(condition)?),
                    None => None,
                };
                let value = asked(value)?;
                let places = match value.ty {
                    Type::Int => 0,
                    Type::Decimal { places } => places,
                    _ => return None,
                };
                let ends = appspec_ir::interval(self.spec, &value)?;
                if !ends.is_within(MOST_ADDED) {
                    return None;
                }
                let digits = DIGITS_OF_SUMS.checked_add(places)?;
                (
                    condition,
                    What::Sum(value),
                    Scalar::Decimal { digits, places },
                )
            }
            Summary::Min(..) | Summary::Max(..) => {
                let field = self.standing(whole, scalar_of(whole.ty)?);
                return Some(self.make(key, field));
            }
        };
        let field = self.standing(whole, scalar);
        let field = self.make(key, field);
        let own = match (&each.summary, &condition) {
            (Summary::Sum(..), _) | (_, None) => None,
            (_, Some(_)) => self.of_the_row_itself(each),
        };
        self.read.said.push(Said {
            rows: each.rows,
            field,
            condition,
            what,
            own,
            span: whole.span,
        });
        Some(field)
    }
}

/// What stands inside of `all(…)` and its like, said of the row outside.
fn without_outside(expr: &Expr) -> Option<Expr> {
    match &expr.kind {
        ExprKind::Outer(inner) => Some(inner.as_ref().clone()),
        ExprKind::Each(_) => None,
        _ => within(expr, &mut without_outside),
    }
}

/// What holds any value of a type that has an order.
fn scalar_of(ty: Type) -> Option<Scalar> {
    Some(match ty {
        Type::Bool => Scalar::Bool,
        Type::Int => Scalar::BigInt,
        Type::Decimal { places } => Scalar::Decimal {
            digits: DIGITS_OF_SUMS.checked_add(places)?,
            places,
        },
        Type::Float => Scalar::Float,
        Type::Date => Scalar::Date,
        Type::Time => Scalar::Time,
        Type::DateTime => Scalar::DateTime,
        Type::Duration => Scalar::Duration,
        Type::Text | Type::Uuid | Type::Enum(_) | Type::Reference(_) | Type::Opaque => return None,
    })
}

/// The same expression over other parts.
fn within(expr: &Expr, read: &mut dyn FnMut(&Expr) -> Option<Expr>) -> Option<Expr> {
    let mut changed = expr.clone();
    let mut is_whole = true;
    changed
        .kind
        .for_children_mut(&mut |child| match read(child) {
            Some(other) => *child = other,
            None => is_whole = false,
        });
    is_whole.then_some(changed)
}
