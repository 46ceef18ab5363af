use crate::linear::AtMost;

/// A node of the formulas of one problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NodeId(usize);

/// A formula without negation: what is denied was turned round when it was made.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Never,
    Always,
    Literal(Literal),
    All(Vec<NodeId>),
    Any(Vec<NodeId>),
}

/// What the search can take for granted without looking further.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    /// The field of a slot has a value, or has none.
    Filled(usize, bool),
    /// A comparison of numbers.
    Number(AtMost),
    /// A symbol is one of these.
    Within(usize, u128),
    /// Two symbols are the same, or differ.
    Same(usize, usize, bool),
    /// Something that is not looked into comes out like this.
    Opaque(usize, bool),
}

/// All formulas of a problem.
#[derive(Clone, Debug)]
pub(crate) struct Formulas {
    nodes: Vec<Node>,
    /// How many nodes are looked at to judge each, at most.
    sizes: Vec<usize>,
}

impl Formulas {
    pub(crate) const NEVER: NodeId = NodeId(0);
    pub(crate) const ALWAYS: NodeId = NodeId(1);

    pub(crate) fn new() -> Self {
        Self {
            nodes: vec![Node::Never, Node::Always],
            sizes: vec![1, 1],
        }
    }

    /// How many nodes are looked at to judge this one, at most.
    pub(crate) fn size(&self, id: NodeId) -> usize {
        self.sizes.get(id.0).copied().unwrap_or(1)
    }

    pub(crate) fn get(&self, id: NodeId) -> &Node {
        self.nodes.get(id.0).unwrap_or(&Node::Never)
    }

    fn push(&mut self, node: Node) -> NodeId {
        let size = match &node {
            Node::Never | Node::Always | Node::Literal(_) => 1,
            Node::All(parts) | Node::Any(parts) => {
                let parts = parts.iter().map(|part| self.size(*part));
                parts.fold(1, usize::saturating_add)
            }
        };
        self.sizes.push(size);
        self.nodes.push(node);
        NodeId(self.nodes.len() - 1)
    }

    pub(crate) fn truth(truth: bool) -> NodeId {
        if truth { Self::ALWAYS } else { Self::NEVER }
    }

    pub(crate) fn literal(&mut self, literal: Literal) -> NodeId {
        match literal {
            Literal::Number(AtMost::Always) => Self::ALWAYS,
            Literal::Number(AtMost::Never) | Literal::Within(_, 0) => Self::NEVER,
            Literal::Same(a, b, same) if a == b => Self::truth(same),
            literal => self.push(Node::Literal(literal)),
        }
    }

    pub(crate) fn all(&mut self, parts: Vec<NodeId>) -> NodeId {
        self.joined(parts, true)
    }

    pub(crate) fn any(&mut self, parts: Vec<NodeId>) -> NodeId {
        self.joined(parts, false)
    }

    fn joined(&mut self, mut kept: Vec<NodeId>, all: bool) -> NodeId {
        let (neutral, decisive) = (Self::truth(all), Self::truth(!all));
        if kept.contains(&decisive) {
            return decisive;
        }
        kept.retain(|part| *part != neutral);
        let inner = |part: &NodeId| match self.get(*part) {
            Node::All(inner) if all => Some(inner),
            Node::Any(inner) if !all => Some(inner),
            _ => None,
        };
        // Mostly none is joined like this already.
        if kept.iter().any(|part| inner(part).is_some()) {
            let flat = kept.iter().flat_map(|part| match inner(part) {
                Some(inner) => inner.as_slice(),
                None => std::slice::from_ref(part),
            });
            kept = flat.copied().collect();
        }
        match kept.as_slice() {
            [] => neutral,
            [only] => *only,
            _ if all => self.push(Node::All(kept)),
            _ => self.push(Node::Any(kept)),
        }
    }
}
