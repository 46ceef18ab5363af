use appspec_diagnostics::{Diagnostic, Diagnostics, codes};
use appspec_ir::{FieldType, ListItem, Scalar, Spec};

/// Words in names of fields that hold money, in a few languages of trade.
const MONEY: [&str; 14] = [
    "price", "prices", "amount", "cost", "costs", "fee", "fees", "salary", "wage", "balance",
    "tax", "vat", "discount", "revenue",
];

/// Money in a binary fraction. Only a name says that it is money, so it is advice.
pub(super) fn check(spec: &Spec, found: &mut Diagnostics) {
    for (_, field) in spec.fields.iter() {
        let float = matches!(
            field.ty,
            FieldType::Scalar(Scalar::Float) | FieldType::List(ListItem::Scalar(Scalar::Float))
        );
        if float && field.name.split('_').any(|word| MONEY.contains(&word)) {
            found.push(
                Diagnostic::new(
                    &codes::types::FLOAT_MONEY,
                    field.span,
                    format!(
                        "`{}` is a binary fraction, which can't hold a tenth",
                        field.name
                    ),
                )
                .label("0.10 + 0.20 is not 0.30 here")
                .help("for money, write `decimal(12, 2)`"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::codes;

    #[test]
    fn a_word_of_the_name_says_that_it_is_money() {
        let field = |text: &str| codes(&format!("entity E {{ {text} }}"));
        assert_eq!(field("unit_price: float"), ["type::float_money"]);
        assert_eq!(field("prices: list of float"), ["type::float_money"]);
        assert_eq!(field("unit_price: decimal(8, 2)"), [""; 0]);
        assert_eq!(field("syntax: float"), [""; 0]);
    }
}
