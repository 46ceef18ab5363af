use std::collections::{BTreeMap, BTreeSet, VecDeque};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::{Entity, Field, FieldType, Id, OnDelete, Spec};

/// The entities of a spec and some of the relations between them, as a directed graph.
///
/// Every walk is iterative: a chain through 100,000 entities must not end on the stack. Results follow
/// the order of declaration, so that they are the same in every run.
#[derive(Clone, Debug)]
pub struct RelationGraph {
    graph: DiGraph<Id<Entity>, Id<Field>>,
}

/// How many edges the search for a shortest cycle may look at before it takes the best one so far.
const SEARCH_LIMIT: usize = 1_000_000;

/// How many rounds of disjoint cycles are collected.
const ROUNDS: usize = 20;

impl RelationGraph {
    /// An edge from each entity to every entity of which each of its rows *needs* a row.
    pub fn required(spec: &Spec) -> Self {
        Self::of_fields(spec, |field| {
            field
                .relation()
                .filter(|_| !field.optional)
                .map(|relation| relation.target)
        })
    }

    /// An edge from each entity to every entity that its table points to, required or not.
    pub fn references(spec: &Spec) -> Self {
        Self::of_fields(spec, |field| {
            field.relation().map(|relation| relation.target)
        })
    }

    /// An edge from each entity to every other entity that it names: its columns, and the other side
    /// of a `many`.
    pub fn mentions(spec: &Spec) -> Self {
        Self::of_fields(spec, |field| match &field.ty {
            FieldType::Relation(relation) => Some(relation.target),
            FieldType::Many(many) => Some(many.target),
            _ => None,
        })
    }

    /// An edge from each entity to every entity whose rows go when one of its rows is deleted.
    pub fn deletes(spec: &Spec) -> Self {
        let mut deletes = Self::without_edges(spec.entities.len());
        for (id, field) in spec.fields.iter() {
            if let Some(relation) = field.relation()
                && relation.on_delete == OnDelete::Cascade
            {
                deletes.connect(relation.target, field.entity, id);
            }
        }
        deletes
    }

    /// The same graph without the entities' edges to themselves.
    #[must_use]
    pub fn without_loops(mut self) -> Self {
        self.graph.retain_edges(|graph, edge| {
            graph
                .edge_endpoints(edge)
                .is_some_and(|(from, to)| from != to)
        });
        self
    }

    fn of_fields(spec: &Spec, target: impl Fn(&Field) -> Option<Id<Entity>>) -> Self {
        let mut relations = Self::without_edges(spec.entities.len());
        for (id, field) in spec.fields.iter() {
            if let Some(target) = target(field) {
                relations.connect(field.entity, target, id);
            }
        }
        relations
    }

    fn without_edges(entities: usize) -> Self {
        let mut graph = DiGraph::with_capacity(entities, entities);
        for index in 0..entities {
            graph.add_node(Id::from_index(index));
        }
        Self { graph }
    }

    fn connect(&mut self, from: Id<Entity>, to: Id<Entity>, by: Id<Field>) {
        self.graph.add_edge(node(from), node(to), by);
    }

    /// The entities so that what an entity points to comes before it; where a cycle forbids that, and
    /// wherever there is a choice, in the order of declaration.
    pub fn order(&self) -> Vec<Id<Entity>> {
        let components = self.components();
        let mut component_of = vec![0; self.graph.node_count()];
        for (index, members) in components.iter().enumerate() {
            for member in members {
                if let Some(slot) = component_of.get_mut(member.index()) {
                    *slot = index;
                }
            }
        }
        let component = |node: NodeIndex| component_of.get(node.index()).copied().unwrap_or(0);

        let mut waits_for = vec![0_usize; components.len()];
        let mut followers = vec![Vec::new(); components.len()];
        for edge in self.graph.edge_references() {
            let (from, to) = (component(edge.source()), component(edge.target()));
            if from != to
                && let (Some(count), Some(list)) = (waits_for.get_mut(from), followers.get_mut(to))
            {
                *count += 1;
                list.push(from);
            }
        }

        // Kahn's algorithm; of the components that are ready, the one declared first goes first.
        let first = |index: usize| components.get(index).and_then(|members| members.first());
        let mut ready: BTreeSet<_> = (0..components.len())
            .filter(|index| waits_for.get(*index) == Some(&0))
            .map(|index| (first(index).copied(), index))
            .collect();
        let mut order = Vec::with_capacity(self.graph.node_count());
        while let Some((_, index)) = ready.pop_first() {
            for member in components.get(index).into_iter().flatten() {
                order.push(entity(*member));
            }
            for follower in followers.get(index).into_iter().flatten() {
                if let Some(count) = waits_for.get_mut(*follower) {
                    *count -= 1;
                    if *count == 0 {
                        ready.insert((first(*follower).copied(), *follower));
                    }
                }
            }
        }
        order
    }

    /// Cycles that share no entity, short ones first to be found: each the fields along the way, from
    /// the entity that was declared first back to it. Without cycles in the graph the list is empty,
    /// and an entity that points to itself is a cycle of one.
    pub fn cycles(&self) -> Vec<Vec<Id<Field>>> {
        let mut remaining = self.graph.clone();
        let mut cycles: Vec<Vec<Id<Field>>> = Vec::new();
        for _ in 0..ROUNDS {
            let found: Vec<_> = Self {
                graph: remaining.clone(),
            }
            .components()
            .iter()
            .filter_map(|members| shortest_cycle(&remaining, members))
            .collect();
            if found.is_empty() {
                break;
            }
            let used: BTreeSet<_> = found.iter().flatten().map(|step| step.from).collect();
            remaining.retain_edges(|graph, edge| {
                graph
                    .edge_endpoints(edge)
                    .is_some_and(|(from, to)| !used.contains(&from) && !used.contains(&to))
            });
            cycles.extend(
                found
                    .into_iter()
                    .map(|steps| steps.into_iter().map(|step| step.by).collect()),
            );
        }
        cycles
    }

    /// Whether no cycle is left among the entities that are in one with this edge, once the edge is gone.
    pub fn ends_every_circle(&self, by: Id<Field>) -> bool {
        let Some(edge) = self
            .graph
            .edge_references()
            .find(|edge| *edge.weight() == by)
        else {
            return false;
        };
        let components = self.components();
        let Some(members) = components
            .iter()
            .find(|members| members.binary_search(&edge.source()).is_ok())
        else {
            return false;
        };
        let inside: BTreeSet<_> = members.iter().copied().collect();
        // What is left is in an order as soon as everything can be taken away that nothing points to any more.
        let kept = |from: NodeIndex| {
            steps(&self.graph, from)
                .filter(|(to, step)| *step != by && inside.contains(to))
                .map(|(to, _)| to)
        };
        let mut pointed_to: BTreeMap<NodeIndex, usize> = BTreeMap::new();
        for target in members.iter().flat_map(|member| kept(*member)) {
            *pointed_to.entry(target).or_default() += 1;
        }
        let mut free: Vec<NodeIndex> = members.clone();
        free.retain(|member| !pointed_to.contains_key(member));
        let mut taken = 0;
        while let Some(member) = free.pop() {
            taken += 1;
            for target in kept(member) {
                if let Some(count) = pointed_to.get_mut(&target) {
                    *count -= 1;
                    if *count == 0 {
                        free.push(target);
                    }
                }
            }
        }
        taken == members.len()
    }

    /// Every entity that can be reached from `start`, itself only if a cycle leads back, with the field
    /// of the last step; nearest first.
    pub fn reachable(&self, start: Id<Entity>) -> Vec<(Id<Entity>, Id<Field>)> {
        let mut seen = BTreeSet::new();
        let mut queue = VecDeque::from([node(start)]);
        let mut found = Vec::new();
        while let Some(current) = queue.pop_front() {
            for (target, by) in steps(&self.graph, current) {
                if seen.insert(target) {
                    found.push((entity(target), by));
                    queue.push_back(target);
                }
            }
        }
        found
    }

    /// The strongly connected components, each in order of declaration, ordered by their first member.
    fn components(&self) -> Vec<Vec<NodeIndex>> {
        // Not `tarjan_scc`: it recurses, and overflows the stack on a long chain.
        let mut components = kosaraju_scc(&self.graph);
        for members in &mut components {
            members.sort_unstable();
        }
        components.sort_unstable();
        components
    }
}

fn node(id: Id<Entity>) -> NodeIndex {
    NodeIndex::new(id.index())
}

fn entity(node: NodeIndex) -> Id<Entity> {
    Id::from_index(node.index())
}

/// The edges out of a node in order of declaration; petgraph lists the newest first.
fn steps(
    graph: &DiGraph<Id<Entity>, Id<Field>>,
    from: NodeIndex,
) -> impl Iterator<Item = (NodeIndex, Id<Field>)> + use<> {
    let mut edges: Vec<_> = graph
        .edges(from)
        .map(|edge| (edge.target(), *edge.weight()))
        .collect();
    edges.sort_unstable_by_key(|(_, by)| *by);
    edges.into_iter()
}

/// One edge of a cycle.
#[derive(Clone, Copy)]
struct Step {
    from: NodeIndex,
    by: Id<Field>,
}

/// The shortest cycle within one strongly connected component, by a breadth-first search from each member.
fn shortest_cycle(
    graph: &DiGraph<Id<Entity>, Id<Field>>,
    members: &[NodeIndex],
) -> Option<Vec<Step>> {
    let inside: BTreeSet<_> = members.iter().copied().collect();
    let mut fuel = SEARCH_LIMIT;
    let mut best: Option<Vec<Step>> = None;
    for start in members {
        let limit = best.as_ref().map_or(usize::MAX, Vec::len);
        if let Some(cycle) = cycle_through(graph, *start, &inside, limit, &mut fuel) {
            best = Some(cycle);
        }
        // No cycle is shorter than one step; the first start is always searched to its end.
        if fuel == 0 || best.as_ref().is_some_and(|cycle| cycle.len() <= 1) {
            break;
        }
    }
    best
}

/// The shortest cycle through `start` with fewer than `limit` steps.
fn cycle_through(
    graph: &DiGraph<Id<Entity>, Id<Field>>,
    start: NodeIndex,
    inside: &BTreeSet<NodeIndex>,
    limit: usize,
    fuel: &mut usize,
) -> Option<Vec<Step>> {
    let mut reached_by = BTreeMap::new();
    let mut queue = VecDeque::from([(start, 1_usize)]);
    while let Some((current, length)) = queue.pop_front() {
        if length >= limit || (*fuel == 0 && limit != usize::MAX) {
            return None;
        }
        for (target, by) in steps(graph, current) {
            *fuel = fuel.saturating_sub(1);
            let step = Step { from: current, by };
            if target == start {
                return Some(path_back(start, step, &reached_by));
            }
            if inside.contains(&target) && !reached_by.contains_key(&target) {
                reached_by.insert(target, step);
                queue.push_back((target, length + 1));
            }
        }
    }
    None
}

fn path_back(start: NodeIndex, last: Step, reached_by: &BTreeMap<NodeIndex, Step>) -> Vec<Step> {
    let mut path = vec![last];
    let mut current = last.from;
    while current != start {
        let Some(step) = reached_by.get(&current) else {
            break;
        };
        path.push(*step);
        current = step.from;
    }
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(entities: usize, edges: &[(usize, usize)]) -> RelationGraph {
        let mut relations = RelationGraph::without_edges(entities);
        for (index, (from, to)) in edges.iter().enumerate() {
            relations.connect(
                Id::from_index(*from),
                Id::from_index(*to),
                Id::from_index(index),
            );
        }
        relations
    }

    fn indexes<T>(ids: &[Id<T>]) -> Vec<usize> {
        ids.iter().map(|id| id.index()).collect()
    }

    #[test]
    fn what_is_pointed_to_comes_first_and_the_rest_keeps_its_order() {
        assert_eq!(
            indexes(&graph(4, &[(0, 2), (1, 0)]).order()),
            [2, 0, 1, 3],
            "0 needs 2, 1 needs 0"
        );
        assert_eq!(indexes(&graph(3, &[]).order()), [0, 1, 2]);
        assert_eq!(
            indexes(&graph(3, &[(0, 1), (1, 0), (0, 2)]).order()),
            [2, 0, 1]
        );
    }

    #[test]
    fn the_shortest_cycle_of_a_tangle_is_shown() {
        let tangle = graph(4, &[(0, 1), (1, 2), (2, 3), (3, 0), (2, 1)]);
        assert_eq!(tangle.cycles(), [[Id::from_index(1), Id::from_index(4)]]);
    }

    #[test]
    fn cycles_without_a_common_entity_are_all_shown() {
        let two = graph(5, &[(0, 1), (1, 0), (1, 2), (2, 3), (3, 2), (3, 0), (4, 4)]);
        let cycles: Vec<_> = two.cycles().iter().map(|cycle| indexes(cycle)).collect();
        assert_eq!(cycles, [vec![0, 1], vec![6], vec![3, 4]]);
    }

    #[test]
    fn the_edge_that_all_cycles_share_ends_them() {
        let two = graph(3, &[(0, 1), (1, 0), (1, 2), (2, 0)]);
        let ends = |edge| two.ends_every_circle(Id::from_index(edge));
        assert_eq!([0, 1, 2, 3].map(ends), [true, false, false, false]);
    }

    #[test]
    fn a_chain_and_a_ring_of_100000_entities_are_no_danger() {
        const COUNT: usize = 100_000;
        let chain: Vec<_> = (1..COUNT).map(|index| (index - 1, index)).collect();
        let order = graph(COUNT, &chain).order();
        assert_eq!(order.first().map(|id| id.index()), Some(COUNT - 1));
        assert_eq!(graph(COUNT, &chain).cycles(), Vec::<Vec<Id<Field>>>::new());
        assert_eq!(
            graph(COUNT, &chain).reachable(Id::from_index(0)).len(),
            COUNT - 1
        );

        let ring: Vec<_> = (0..COUNT)
            .map(|index| (index, (index + 1) % COUNT))
            .collect();
        let cycles = graph(COUNT, &ring).cycles();
        assert_eq!(cycles.iter().map(Vec::len).collect::<Vec<_>>(), [COUNT]);
        assert!(graph(COUNT, &ring).ends_every_circle(Id::from_index(7)));
    }
}
