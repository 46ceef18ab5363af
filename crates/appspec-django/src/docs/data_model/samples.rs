//! Diagrams for tests.

use super::diagram::{Card, Diagram, Link, Row};

fn card(name: String, group: usize, rows: &[(&str, &str)], hidden: usize) -> Card {
    let rows = rows
        .iter()
        .map(|(name, kind)| Row {
            name: (*name).to_owned(),
            kind: (*kind).to_owned(),
        })
        .collect();
    Card {
        name,
        group,
        rows,
        hidden,
    }
}

/// Each card points to the one before.
pub(super) fn chain(size: usize) -> Diagram {
    Diagram {
        title: "Chain".to_owned(),
        groups: vec!["links".to_owned()],
        cards: (0..size)
            .map(|index| {
                card(
                    format!("Card{index}"),
                    0,
                    &[("previous", "Card"), ("name", "text(80)")],
                    0,
                )
            })
            .collect(),
        links: (1..size)
            .map(|index| Link {
                from: index,
                row: 0,
                to: index - 1,
                many_from: true,
                many_to: false,
            })
            .collect(),
    }
}

/// A crowd in four groups: hubs, self relations, cycles, one-to-one, many-to-many, loners.
pub(super) fn crowd(size: usize) -> Diagram {
    let mut links = Vec::new();
    let mut cards = Vec::new();
    for index in 0..size {
        cards.push(card(
            format!("Entity{index}"),
            index * 4 / size.max(1),
            &[
                ("first", "Entity"),
                ("second", "Entity?"),
                ("name", "text(200)"),
                ("starts_at", "datetime"),
            ],
            index % 3,
        ));
        if index % 7 == 6 {
            continue;
        }
        let to = (index * index + 3) % (index + 1);
        links.push(Link {
            from: index,
            row: 0,
            to,
            many_from: index % 5 != 0,
            many_to: false,
        });
        let hub = if index % 2 == 0 {
            0
        } else {
            (index * 5 + 1) % size
        };
        links.push(Link {
            from: index,
            row: 1,
            to: hub,
            many_from: true,
            many_to: index % 6 == 1,
        });
    }
    Diagram {
        title: "Crowd".to_owned(),
        groups: ["accounts", "booking", "people", "billing"]
            .map(str::to_owned)
            .to_vec(),
        cards,
        links,
    }
}
