//! Fields that hold values.

use super::deck::Feature;
use super::draft::Draft;
use super::model::{Bound, Field, Id, Initial, ItemKind, Kind, MemberKind, Scalar, Unique};
use super::scalars;
use super::value::Value;
use super::{model, texts};

impl Draft {
    /// A named type with bounds, now and then made of another one.
    pub(super) fn named_type(&mut self, module: usize) -> Id {
        let name = self.declared_name(module, 60);
        let scalar = self.types.deal();
        let scalar = scalars::with_arguments(&mut self.random, scalar);
        let bases =
            self.all(|kind| matches!(kind, ItemKind::Type { bounds, .. } if bounds.is_empty()));
        let base = if !bases.is_empty() && self.one_in(4) {
            Kind::Named(self.pick(&bases))
        } else {
            Kind::Scalar(scalar)
        };
        let scalar = self.spec.scalar(&base).unwrap_or(scalar);
        let bounds = if self.one_in(3) {
            Vec::new()
        } else {
            self.bounds(scalar, Feature::Plain).0
        };
        let message = if bounds.is_empty() {
            None
        } else {
            texts::sometimes(&mut self.random, 2)
        };
        self.declare(
            module,
            name,
            ItemKind::Type {
                base,
                bounds,
                message,
            },
        )
    }

    /// Bounds for a type, with a value that keeps them; at least what the feature asks for.
    fn bounds(&mut self, scalar: Scalar, feature: Feature) -> (Vec<Bound>, Option<Value>) {
        let mut bounds = Vec::new();
        let mut sample = scalars::sample(&mut self.random, scalar);
        let matches =
            feature == Feature::Matches || Feature::Matches.fits(scalar) && self.one_in(8);
        if matches && let Some((pattern, text)) = scalars::pattern(&mut self.random, scalar) {
            bounds.push(Bound::Matches(pattern));
            sample = Some(Value::Text(text.to_owned()));
        }
        let range = feature == Feature::Range || Feature::Range.fits(scalar) && self.one_in(4);
        if range && let Some(value) = &sample {
            bounds.insert(0, scalars::range_around(&mut self.random, scalar, value));
        }
        if Feature::Size.fits(scalar) && (feature == Feature::Size || self.one_in(2)) {
            bounds.push(scalars::size_bound(&mut self.random, scalar));
        }
        (bounds, sample)
    }

    /// A field with what the next card says, added to a declaration whose members these rows have.
    pub(super) fn add_field(&mut self, item: Id, rows: &[Id]) -> Id {
        let (scalar, feature) = self.fields.deal();
        let scalar = scalars::with_arguments(&mut self.random, scalar);
        if self.one_in(12) {
            return self.add_enum_field(item, rows);
        }
        let mut field = match feature {
            Feature::ListOf => self.list(Kind::ListOf(scalar)),
            Feature::Named => self.of_named_type(scalar),
            _ => self.single(scalar, feature),
        };
        let is_list = matches!(field.kind, Kind::ListOf(_));
        if self.seeded.contains_key(&item)
            && field.sample.is_none()
            && field.default.is_none()
            && !is_list
        {
            // No constant of the type can be written into the rows.
            field.optional = true;
        }
        field.name = self.member_name(rows, &field.kind);
        self.mark(&mut field, feature, rows);
        let id = self.add(item, MemberKind::Field(field));
        self.ask_only_where_set(id);
        id
    }

    fn single(&mut self, scalar: Scalar, feature: Feature) -> Field {
        let (bounds, mut sample) = self.bounds(scalar, feature);
        let optional = feature == Feature::Optional || self.one_in(4);
        let mut default = None;
        if feature == Feature::Constant || Feature::Constant.fits(scalar) && self.one_in(6) {
            default = sample.clone().map(Initial::Value);
        } else if Feature::Generated.fits(scalar)
            && (feature == Feature::Generated || self.one_in(4))
            && let Some(generated) = self.generated(scalar, &bounds)
        {
            default = Some(generated);
            sample = None;
        }
        if optional && default.is_none() && self.one_in(2) {
            sample = None;
        }
        let message = if bounds.is_empty() {
            None
        } else {
            texts::sometimes(&mut self.random, 3)
        };
        Field {
            optional,
            bounds,
            default,
            message,
            sample,
            ..plain(Kind::Scalar(scalar))
        }
    }

    /// A default that is another one for each row, or for each moment.
    fn generated(&mut self, scalar: Scalar, bounds: &[Bound]) -> Option<Initial> {
        if !bounds.is_empty() {
            return None;
        }
        Some(match scalar {
            Scalar::Date => Initial::Today,
            Scalar::DateTime => Initial::Now(self.pick(&[0, 1000, -86_400_000, 2_592_000_000])),
            Scalar::Uuid => Initial::Uuid,
            Scalar::Json if self.one_in(2) => Initial::EmptyList,
            Scalar::Json => Initial::EmptyObject,
            Scalar::Token(length) => Initial::Token(if self.one_in(2) { length } else { None }),
            Scalar::Text(None) => Initial::Token(Some(8)),
            Scalar::Text(Some(most)) if most >= 8 => Initial::Token(Some(most.min(255))),
            _ => return None,
        })
    }

    /// A field of a named type.
    pub(super) fn add_named_field(&mut self, item: Id, named: Id) {
        let optional = self.one_in(3) || self.seeded.contains_key(&item);
        let kind = Kind::Named(named);
        let name = self.member_name(&[item], &kind);
        self.add(
            item,
            MemberKind::Field(Field {
                name,
                optional,
                ..plain(kind)
            }),
        );
    }

    fn of_named_type(&mut self, scalar: Scalar) -> Field {
        let types = self.all(|kind| matches!(kind, ItemKind::Type { .. }));
        if types.is_empty() {
            return self.single(scalar, Feature::Plain);
        }
        let id = self.pick(&types);
        // What keeps the bounds of the type is not worked out again: such a field is in no rule.
        Field {
            optional: self.one_in(3),
            ..plain(Kind::Named(id))
        }
    }

    fn list(&mut self, kind: Kind) -> Field {
        let bounds = match self.random.below(3) {
            0 => vec![Bound::Range(
                self.pick(&[None, Some(Value::Int(0))]),
                Some(Value::Int(i128::from(self.pick(&[1_u32, 3, 100])))),
            )],
            _ => Vec::new(),
        };
        let default = self.one_in(2).then_some(Initial::EmptyList);
        Field {
            message: if bounds.is_empty() {
                None
            } else {
                texts::sometimes(&mut self.random, 3)
            },
            bounds,
            default,
            ..plain(kind)
        }
    }

    /// A field of an enum, or a list of its values.
    pub(super) fn add_enum_field(&mut self, item: Id, rows: &[Id]) -> Id {
        let enums = self.all(|kind| matches!(kind, ItemKind::Enum(_)));
        let chosen = self.pick(&enums);
        let mut field = if self.one_in(6) {
            self.list(Kind::ListOfEnum(chosen))
        } else {
            let choices = self.choices(chosen);
            let value = Value::Choice(chosen, self.pick(&choices));
            let optional = self.one_in(3);
            let has_default = self.one_in(2);
            Field {
                optional,
                default: has_default.then(|| Initial::Value(value.clone())),
                sample: (has_default || !optional).then_some(value),
                ..plain(Kind::Enum(chosen))
            }
        };
        field.name = self.member_name(rows, &field.kind);
        self.mark(&mut field, Feature::Plain, rows);
        let id = self.add(item, MemberKind::Field(field));
        self.ask_only_where_set(id);
        id
    }

    fn mark(&mut self, field: &mut Field, feature: Feature, rows: &[Id]) {
        let is_lookup = match &field.kind {
            Kind::Scalar(scalar) => scalars::is_lookup(*scalar),
            Kind::Enum(_) => true,
            _ => false,
        };
        if !is_lookup {
            return;
        }
        // Rows of every installation are told apart by their key alone.
        field.optional |= feature == Feature::UniqueWhere;
        let is_free = rows.iter().all(|row| !self.seeded.contains_key(row));
        let wanted = matches!(
            feature,
            Feature::Unique | Feature::UniqueIgnoringCase | Feature::UniqueWhere
        );
        if is_free
            && (wanted || self.one_in(20))
            && self.take_both(rows, &format!("{}_unique", field.name))
        {
            field.unique = Some(Unique {
                ignoring_case: feature == Feature::UniqueIgnoringCase,
                condition: None,
            });
        }
        let indexed = feature == Feature::Indexed || self.one_in(15);
        if indexed && self.take_both(rows, &format!("{}_index", field.name)) {
            field.indexed = true;
        }
        if field.kind == Kind::Scalar(Scalar::DateTime) {
            field.touched = feature == Feature::Touched;
            if field.touched {
                // What every write sets lies where it lies.
                field.sample = None;
                field.bounds.clear();
                field.message = None;
            }
        }
    }

    /// Takes the name of a rule in several rows.
    pub(super) fn take_both(&mut self, rows: &[Id], name: &str) -> bool {
        // Each is asked, so that a name that is free in one only is not taken by halves.
        let mut free = true;
        for row in rows {
            free &= self.take_rule(*row, name);
        }
        free
    }

    /// Where a value may be missing, a unique rule is about the rows that have one.
    fn ask_only_where_set(&mut self, id: Id) {
        if let Some(field) = self.field_mut(id)
            && field.optional
            && let Some(unique) = &mut field.unique
        {
            unique.condition = Some(model::Expr::IsSet(id, true));
        }
    }
}

/// A required field without anything else.
pub(super) fn plain(kind: Kind) -> Field {
    Field {
        name: String::new(),
        kind,
        optional: false,
        bounds: Vec::new(),
        default: None,
        unique: None,
        indexed: false,
        touched: false,
        immutable: false,
        message: None,
        sample: None,
    }
}
