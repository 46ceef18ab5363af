//! What has to occur is dealt like cards: each spec goes on where its neighbour stopped, so that a few specs hold every
//! combination and none is left to luck.

#![allow(
    missing_docs,
    reason = "the variants and fields have the names that the language gives them"
)]

use super::model::{OnDelete, Scalar};
use super::scalars;

/// What is special about a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feature {
    Plain,
    Optional,
    Range,
    Matches,
    Size,
    Constant,
    Generated,
    Unique,
    UniqueIgnoringCase,
    UniqueWhere,
    Indexed,
    Touched,
    ListOf,
    Named,
}

impl Feature {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Plain,
        Self::Optional,
        Self::Range,
        Self::Matches,
        Self::Size,
        Self::Constant,
        Self::Generated,
        Self::Unique,
        Self::UniqueIgnoringCase,
        Self::UniqueWhere,
        Self::Indexed,
        Self::Touched,
        Self::ListOf,
        Self::Named,
    ];

    /// Whether a field of the type can have it.
    pub fn fits(self, scalar: Scalar) -> bool {
        use Scalar as S;
        match self {
            Self::Plain | Self::Optional | Self::Named => true,
            Self::Range => scalars::is_ordered(scalar) || scalars::is_text(scalar),
            Self::Matches => scalars::is_text(scalar),
            Self::Size => matches!(scalar, S::File | S::Image),
            Self::Constant => !matches!(
                scalar,
                S::Json | S::Bytes | S::File | S::Image | S::Token(_)
            ),
            Self::Generated => matches!(
                scalar,
                S::Date | S::DateTime | S::Uuid | S::Token(_) | S::Json | S::Text(_)
            ),
            Self::Unique | Self::UniqueWhere | Self::Indexed | Self::ListOf => {
                scalars::is_lookup(scalar)
            }
            Self::UniqueIgnoringCase => {
                matches!(scalar, S::Text(_) | S::Slug(_) | S::Email | S::Url)
            }
            Self::Touched => scalar == S::DateTime,
        }
    }
}

/// What a relation points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum To {
    /// Another entity.
    Other,
    /// The same one.
    Itself,
    /// The person who signs in.
    User,
}

/// A kind of relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    One {
        to: To,
        on_delete: Option<OnDelete>,
        optional: bool,
        unique: bool,
    },
    Many(To),
    Through(To),
}

/// Every scalar with everything that it can have.
pub fn fields() -> Vec<(Scalar, Feature)> {
    let all = |scalar: Scalar| {
        Feature::ALL
            .into_iter()
            .filter(move |feature| feature.fits(scalar))
            .map(move |feature| (scalar, feature))
    };
    scalars::ALL.into_iter().flat_map(all).collect()
}

/// Every relation that makes sense.
pub fn relations() -> Vec<Relation> {
    let mut all = Vec::new();
    let kinds = [
        None,
        Some(OnDelete::Cascade),
        Some(OnDelete::Protect),
        Some(OnDelete::Restrict),
        Some(OnDelete::SetNull),
    ];
    for to in [To::Other, To::Itself, To::User] {
        for on_delete in kinds {
            for optional in [false, true] {
                for unique in [false, true] {
                    let empties = on_delete == Some(OnDelete::SetNull);
                    if optional || !empties && to != To::Itself {
                        all.push(Relation::One {
                            to,
                            on_delete,
                            optional,
                            unique,
                        });
                    }
                }
            }
        }
        all.push(Relation::Many(to));
    }
    all.push(Relation::Through(To::Other));
    all.push(Relation::Through(To::Itself));
    all.push(Relation::Through(To::User));
    all
}

/// A stack that never ends.
#[derive(Debug)]
pub struct Deck<T> {
    cards: Vec<T>,
    next: usize,
}

impl<T: Copy> Deck<T> {
    /// Opened where the spec of this seed goes on.
    pub fn open(cards: Vec<T>, seed: u64, each: usize) -> Self {
        let seed = usize::try_from(seed % 1_000_003).expect("a small number");
        let next = seed * each % cards.len();
        Self { cards, next }
    }

    /// The next card.
    pub fn deal(&mut self) -> T {
        let card = self.cards[self.next % self.cards.len()];
        self.next += 1;
        card
    }
}
