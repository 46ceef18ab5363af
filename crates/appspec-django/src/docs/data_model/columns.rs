//! Which card stands in which column: what is pointed to stands left of what points to it.

use std::collections::BTreeSet;

use super::diagram::{Diagram, GRID, count};

/// The space between two cards of a column.
pub(super) const GAP: i64 = 4 * GRID;

/// The column of each card. Columns are filled evenly, so that the picture is about half as tall as it is wide.
pub(super) fn columns(diagram: &Diagram) -> Vec<usize> {
    let order = ranked(diagram);
    let mut place = vec![0; diagram.cards.len()];
    for (rank, card) in order.iter().enumerate() {
        if let Some(slot) = place.get_mut(*card) {
            *slot = rank;
        }
    }
    // A relation against the order is part of a cycle; it is drawn, but it moves nothing.
    let parents = neighbours(
        diagram,
        |from, to| rank(&place, to) < rank(&place, from),
        true,
    );
    let children = neighbours(
        diagram,
        |from, to| rank(&place, to) < rank(&place, from),
        false,
    );

    let limit = height_limit(diagram);
    let mut columns = vec![0; diagram.cards.len()];
    let mut heights: Vec<i64> = Vec::new();
    for card in order.iter().copied() {
        let first = parents
            .get(card)
            .into_iter()
            .flatten()
            .map(|parent| rank(&columns, *parent) + 1)
            .max()
            .unwrap_or(0);
        let column = free_column(&mut heights, first, height(diagram, card), limit);
        if let Some(slot) = columns.get_mut(card) {
            *slot = column;
        }
    }
    pull_right(
        diagram,
        &order,
        &children,
        &mut columns,
        &mut heights,
        limit,
    );
    without_empty(&columns)
}

/// All cards, what is pointed to before what points to it. Cycles are cut at the card that most others wait for.
fn ranked(diagram: &Diagram) -> Vec<usize> {
    let apart = |from: usize, to: usize| from != to;
    let mut points_to = neighbours(diagram, apart, true);
    let mut pointed_by = neighbours(diagram, apart, false);
    let mut waits: Vec<usize> = points_to.iter().map(Vec::len).collect();
    let mut waited_for: Vec<usize> = pointed_by.iter().map(Vec::len).collect();
    let urgency = |waits: &[usize], waited_for: &[usize], card: usize| {
        let (outgoing, incoming) = (rank(waits, card), rank(waited_for, card));
        (outgoing > 0, count(outgoing) - count(incoming), card)
    };
    let mut left: BTreeSet<(bool, i64, usize)> = (0..diagram.cards.len())
        .map(|card| urgency(&waits, &waited_for, card))
        .collect();
    let mut front = Vec::with_capacity(left.len());
    while let Some((_, _, next)) = left.pop_first() {
        front.push(next);
        for (lists, ends_here) in [(&mut pointed_by, true), (&mut points_to, false)] {
            let others = lists.get_mut(next).map(std::mem::take);
            for other in others.into_iter().flatten() {
                let waiting = left.remove(&urgency(&waits, &waited_for, other));
                lower(
                    if ends_here {
                        &mut waits
                    } else {
                        &mut waited_for
                    },
                    other,
                );
                if waiting {
                    left.insert(urgency(&waits, &waited_for, other));
                }
            }
        }
    }
    front
}

fn lower(counts: &mut [usize], card: usize) {
    if let Some(slot) = counts.get_mut(card) {
        *slot = slot.saturating_sub(1);
    }
}

fn neighbours(
    diagram: &Diagram,
    follows: impl Fn(usize, usize) -> bool,
    to_parents: bool,
) -> Vec<Vec<usize>> {
    let mut lists = vec![Vec::new(); diagram.cards.len()];
    for link in diagram
        .links
        .iter()
        .filter(|link| follows(link.from, link.to))
    {
        let (here, there) = if to_parents {
            (link.from, link.to)
        } else {
            (link.to, link.from)
        };
        if let Some(list) = lists.get_mut(here) {
            list.push(there);
        }
    }
    lists
}

/// A column as tall as this makes the whole about 16 by 10.
fn height_limit(diagram: &Diagram) -> i64 {
    const COLUMN_WIDTH: i64 = 320;
    let total: i64 = (0..diagram.cards.len())
        .map(|card| height(diagram, card))
        .sum();
    let tallest = (0..diagram.cards.len())
        .map(|card| height(diagram, card))
        .max()
        .unwrap_or(0);
    let mut columns = 1;
    while columns * columns * COLUMN_WIDTH * 10 < total * 16 {
        columns += 1;
    }
    (total / columns + tallest / 2).max(tallest)
}

fn height(diagram: &Diagram, card: usize) -> i64 {
    diagram
        .cards
        .get(card)
        .map_or(0, |card| card.height() + GAP)
}

fn free_column(heights: &mut Vec<i64>, first: usize, height: i64, limit: i64) -> usize {
    let mut column = first;
    loop {
        while heights.len() <= column {
            heights.push(0);
        }
        match heights.get_mut(column) {
            Some(used) if *used == 0 || *used + height <= limit => {
                *used += height;
                return column;
            }
            _ => column += 1,
        }
    }
}

/// A card that only others far to the right point to moves towards them: its lines become short.
fn pull_right(
    diagram: &Diagram,
    order: &[usize],
    children: &[Vec<usize>],
    columns: &mut [usize],
    heights: &mut [i64],
    limit: i64,
) {
    for card in order.iter().rev().copied() {
        let here = rank(columns, card);
        let nearest = children
            .get(card)
            .into_iter()
            .flatten()
            .map(|child| rank(columns, *child))
            .min();
        let Some(goal) = nearest.and_then(|column| column.checked_sub(1)) else {
            continue;
        };
        let size = height(diagram, card);
        let target = (here + 1..=goal).rev().find(|column| {
            heights
                .get(*column)
                .is_some_and(|used| used + size <= limit)
        });
        if let Some(target) = target {
            if let Some(used) = heights.get_mut(here) {
                *used -= size;
            }
            if let Some(used) = heights.get_mut(target) {
                *used += size;
            }
            if let Some(slot) = columns.get_mut(card) {
                *slot = target;
            }
        }
    }
}

fn without_empty(columns: &[usize]) -> Vec<usize> {
    let mut used: Vec<usize> = columns.to_vec();
    used.sort_unstable();
    used.dedup();
    columns
        .iter()
        .map(|column| used.binary_search(column).unwrap_or_default())
        .collect()
}

fn rank(places: &[usize], card: usize) -> usize {
    places.get(card).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::diagram::{Card, Link};
    use super::*;

    fn diagram(cards: usize, links: &[(usize, usize)]) -> Diagram {
        Diagram {
            cards: vec![Card::default(); cards],
            links: links
                .iter()
                .map(|(from, to)| Link {
                    from: *from,
                    row: 0,
                    to: *to,
                    many_from: true,
                    many_to: false,
                })
                .collect(),
            ..Diagram::default()
        }
    }

    #[test]
    fn what_is_pointed_to_stands_further_left() {
        let placed = columns(&diagram(3, &[(0, 1), (1, 2)]));
        assert_eq!(placed, [2, 1, 0]);
    }

    #[test]
    fn cycles_and_self_relations_end() {
        let placed = columns(&diagram(3, &[(0, 1), (1, 2), (2, 0), (1, 1)]));
        assert_eq!(placed.len(), 3);
        assert!(placed.contains(&0));
    }

    #[test]
    fn a_card_moves_towards_those_that_point_to_it() {
        // 0 ← 1 ← 2, and 3 is only used by 2.
        let placed = columns(&diagram(4, &[(1, 0), (2, 1), (2, 3)]));
        assert_eq!(placed.get(3), Some(&1));
    }

    #[test]
    fn nothing_is_drawn_for_nothing() {
        assert!(columns(&diagram(0, &[])).is_empty());
    }
}
