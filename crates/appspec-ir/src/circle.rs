use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

/// Which of some places can be left and reached again, by edges between two different ones.
pub fn in_circle(places: usize, edges: impl IntoIterator<Item = (usize, usize)>) -> Vec<bool> {
    let mut graph: DiGraph<(), (), usize> = DiGraph::with_capacity(places, places);
    for _ in 0..places {
        graph.add_node(());
    }
    for (from, to) in edges {
        if from.max(to) < places {
            graph.add_edge(from.into(), to.into(), ());
        }
    }
    let mut found = vec![false; places];
    // Not `tarjan_scc`: it recurses, and overflows the stack on a long chain.
    for members in kosaraju_scc(&graph) {
        if members.len() < 2 {
            continue;
        }
        for member in members {
            if let Some(slot) = found.get_mut(member.index()) {
                *slot = true;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_between_two_circles_is_in_none() {
        let edges = [
            (0, 1),
            (1, 0),
            (1, 2),
            (2, 3),
            (3, 4),
            (4, 3),
            (5, 5),
            (9, 0),
        ];
        let found = in_circle(6, edges);
        assert_eq!(found, [true, true, false, true, true, false]);
    }
}
