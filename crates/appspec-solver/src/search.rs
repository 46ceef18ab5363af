use crate::differing;
use crate::formula::NodeId;
use crate::fuel::NODE;
use crate::matrix::Conflict;
use crate::model::{Model, Modeller};
use crate::problem::Problem;
use crate::state::{Known, State};
use crate::sums;

/// How many branches one question may cost.
const MOST_BRANCHES: usize = 4_000;
/// How many branches without contradiction are looked at before a question is given up.
const MOST_LEAVES: usize = 24;
/// How many models are compared, to take the smallest.
const MOST_MODELS: usize = 6;

/// Choices of more nodes than this wait for smaller ones, which may decide them.
const LARGE: usize = 64;

/// How many cells of matrices are remembered on the way through what questions begin with: 32 megabytes.
const MOST_REMEMBERED: usize = 2_000_000;

/// The answer of a search.
#[derive(Clone, Debug)]
pub(crate) enum Outcome<M> {
    /// There is a row, and the evaluator agrees.
    Found(M),
    /// There is none.
    None,
    /// Nobody knows.
    Open(Why),
}

/// Why a question has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It takes too many steps.
    Fuel,
    /// It is beyond what is understood: no row was found, and no proof that there is none.
    Theory,
    /// There is no proof against it, and nobody asked for a row.
    Unasked,
}

/// A point of the search: what is known, and what is still to be chosen.
#[derive(Clone)]
struct Branch {
    state: State,
    choices: Vec<NodeId>,
}

/// A point where a choice was made, and the alternatives that were not taken yet: most questions need none of them.
struct Fork {
    branch: Branch,
    choice: NodeId,
    next: usize,
}

/// A tableau with an explicit stack: the ways in which all formulas can hold, as far as the theory sees.
struct Tableau<'p, 's> {
    problem: &'p Problem<'s>,
    first: Option<Branch>,
    stack: Vec<Fork>,
    branches: usize,
}

/// What is next in a tableau.
enum Next {
    /// A branch without choices and without contradiction.
    Leaf(State),
    /// Every other branch ends in a contradiction.
    End,
    /// It takes too many steps.
    OutOfFuel,
}

impl<'p, 's> Tableau<'p, 's> {
    /// Begins with one branch, or with none if there is a contradiction already.
    fn new(problem: &'p Problem<'s>, first: Option<Branch>) -> Self {
        Self {
            problem,
            first,
            stack: Vec::new(),
            branches: 0,
        }
    }

    fn next(&mut self) -> Next {
        while let Some(mut branch) = self.first.take().or_else(|| self.pop()) {
            self.branches += 1;
            if self.branches > MOST_BRANCHES || !self.problem.fuel.take() {
                return Next::OutOfFuel;
            }
            match next_choice(self.problem, &mut branch) {
                Err(Conflict) => {}
                Ok(None) if sums::exclude_each_other(self.problem, &branch.state) => {}
                Ok(None) if differing::exclude_each_other(self.problem, &branch.state) => {}
                Ok(None) => return Next::Leaf(branch.state),
                Ok(Some(choice)) => {
                    branch.choices.retain(|other| *other != choice);
                    self.stack.push(Fork {
                        branch,
                        choice,
                        next: 0,
                    });
                }
            }
        }
        Next::End
    }

    /// The next alternative of the last choice that still has one.
    fn pop(&mut self) -> Option<Branch> {
        loop {
            let fork = self.stack.last_mut()?;
            let alternatives = self.problem.formulas.alternatives(fork.choice);
            let rest = alternatives.get(fork.next..).unwrap_or_default();
            let is_open =
                |node: &NodeId| fork.branch.state.judge(self.problem, *node) != Known::False;
            let mut open = rest.iter().enumerate().filter(|(_, node)| is_open(node));
            let Some((place, alternative)) = open.next() else {
                self.stack.pop();
                continue;
            };
            let is_last = open.next().is_none();
            fork.next += place + 1;
            let mut branch = if is_last {
                self.stack.pop()?.branch
            } else {
                fork.branch.clone()
            };
            let Branch { state, choices } = &mut branch;
            if state.assume(self.problem, *alternative, choices).is_ok() {
                return Some(branch);
            }
        }
    }
}

impl Branch {
    /// What the types say.
    fn start(problem: &Problem<'_>) -> Option<Self> {
        Some(Self {
            state: problem.start.clone()?,
            choices: Vec::new(),
        })
    }

    /// The same with formulas taken for granted; `None` for a contradiction.
    fn with(mut self, problem: &Problem<'_>, formulas: &[NodeId]) -> Option<Self> {
        formulas
            .iter()
            .try_for_each(|node| self.state.assume(problem, *node, &mut self.choices))
            .ok()?;
        Some(self)
    }
}

/// The formulas that most questions begin with, and what is known on the way through them: worked out once.
pub(crate) struct Beginning {
    formulas: Vec<NodeId>,
    /// After how many of them what is known, as long as they do not exclude each other; not after each where that would be
    /// too much to remember.
    reached: Vec<(usize, Branch)>,
}

impl Beginning {
    pub(crate) fn new(problem: &Problem<'_>, formulas: Vec<NodeId>) -> Self {
        let apart = (formulas.len() * problem.cells())
            .div_ceil(MOST_REMEMBERED)
            .max(1);
        let mut reached = Vec::new();
        let mut last = Branch::start(problem);
        for count in 0.. {
            let Some(branch) = last.take() else {
                break;
            };
            let next = formulas.get(count).copied();
            if count % apart == 0 || next.is_none() {
                reached.push((count, branch.clone()));
            }
            let next = next.and_then(|node| branch.with(problem, &[node]));
            // What is no choice any more is none in every question that begins like this.
            last = next.and_then(|mut next| {
                next_choice(problem, &mut next).ok()?;
                Some(next)
            });
        }
        Self { formulas, reached }
    }

    /// What is known when formulas are taken for granted.
    fn first(&self, problem: &Problem<'_>, wanted: &[NodeId]) -> Option<Branch> {
        let pairs = self.formulas.iter().zip(wanted);
        let shared = pairs.take_while(|(own, wanted)| own == wanted).count();
        let behind = self.reached.partition_point(|(count, _)| *count <= shared);
        let (count, reached) = self.reached.get(..behind)?.last()?;
        reached.clone().with(problem, wanted.get(*count..)?)
    }
}

/// Whether formulas exclude each other. No row is looked for, so that this costs a fraction of [`search`].
pub(crate) fn is_refuted(problem: &Problem<'_>, beginning: &Beginning, wanted: &[NodeId]) -> bool {
    if !problem.fuel.take() {
        return false;
    }
    let first = beginning.first(problem, wanted);
    matches!(Tableau::new(problem, first).next(), Next::End)
}

/// Looks for a row for which all formulas hold.
pub(crate) fn search<'s>(
    problem: &Problem<'s>,
    wanted: &[NodeId],
    modeller: &mut Modeller<'_, 's>,
) -> Outcome<Model> {
    if !problem.fuel.take() {
        return Outcome::Open(Why::Fuel);
    }
    let first = Branch::start(problem).and_then(|start| start.with(problem, wanted));
    let mut tableau = Tableau::new(problem, first);
    let (mut leaves, mut models) = (0, 0);
    let mut unsure = false;
    let mut best: Option<Model> = None;
    loop {
        let leaf = match tableau.next() {
            Next::Leaf(leaf) => leaf,
            Next::End => break,
            Next::OutOfFuel => {
                return best.map_or(Outcome::Open(Why::Fuel), Outcome::Found);
            }
        };
        leaves += 1;
        match modeller.model(problem, &leaf) {
            Some(model) => {
                models += 1;
                let cost = model.cost;
                if best.as_ref().is_none_or(|best| cost < best.cost) {
                    best = Some(model);
                }
                if cost <= modeller.good_enough || models >= MOST_MODELS {
                    break;
                }
            }
            None => unsure = true,
        }
        if leaves >= MOST_LEAVES {
            unsure = true;
            break;
        }
    }
    match best {
        Some(model) => Outcome::Found(model),
        None if unsure => Outcome::Open(Why::Theory),
        None => Outcome::None,
    }
}

/// Takes what is no choice any more, until a real one is left; the one with the fewest alternatives.
fn next_choice(problem: &Problem<'_>, branch: &mut Branch) -> Result<Option<NodeId>, Conflict> {
    loop {
        branch.state.settle(problem)?;
        let Branch { state, choices } = branch;
        // The next step sees that there is nothing left.
        let sizes = choices.iter().map(|choice| problem.formulas.size(*choice));
        let nodes = sizes.fold(0, usize::saturating_add);
        problem.fuel.take_for(nodes, NODE);
        let mut fewest: Option<((usize, usize), NodeId)> = None;
        let mut forced = Vec::new();
        let mut is_refuted = false;
        choices.retain(|choice| {
            if is_refuted {
                return false;
            }
            let (mut open, mut last) = (0, None);
            for alternative in problem.formulas.alternatives(*choice) {
                match state.judge(problem, *alternative) {
                    Known::True => return false,
                    Known::False => {}
                    Known::Open => {
                        open += 1;
                        last = Some(*alternative);
                    }
                }
            }
            match (open, last) {
                (1, Some(only)) => forced.push(only),
                (0, _) => is_refuted = true,
                _ => {
                    let cost = (open, problem.formulas.size(*choice) / LARGE);
                    if fewest.is_none_or(|(least, _)| cost < least) {
                        fewest = Some((cost, *choice));
                    }
                    return true;
                }
            }
            false
        });
        if is_refuted {
            return Err(Conflict);
        }
        if forced.is_empty() {
            return Ok(fewest.map(|(_, choice)| choice));
        }
        for node in forced {
            state.assume(problem, node, choices)?;
        }
    }
}
