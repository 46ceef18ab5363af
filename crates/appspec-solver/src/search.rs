use crate::formula::NodeId;
use crate::matrix::Conflict;
use crate::model::Modeller;
use crate::problem::Problem;
use crate::state::{Known, State};

/// How many branches one question may cost.
const MOST_BRANCHES: usize = 4_000;
/// How many branches without contradiction are looked at before a question is given up.
const MOST_LEAVES: usize = 24;
/// How many models are compared, to take the smallest.
const MOST_MODELS: usize = 6;

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
}

/// A point of the search: what is known, and what is still to be chosen.
struct Branch {
    state: State,
    choices: Vec<NodeId>,
}

/// Looks for a row for which all formulas hold: a tableau with an explicit stack.
pub(crate) fn search<'s>(
    problem: &Problem<'s>,
    wanted: &[NodeId],
    modeller: &mut Modeller<'_, 's>,
) -> Outcome<crate::model::Model> {
    let Some(start) = &problem.start else {
        return Outcome::None;
    };
    let mut first = Branch {
        state: start.clone(),
        choices: Vec::new(),
    };
    let assumed = wanted
        .iter()
        .try_for_each(|node| first.state.assume(problem, *node, &mut first.choices));
    if assumed.is_err() {
        return Outcome::None;
    }
    let mut stack = vec![first];
    let (mut branches, mut leaves, mut models) = (0, 0, 0);
    let mut unsure = false;
    let mut best: Option<crate::model::Model> = None;
    while let Some(mut branch) = stack.pop() {
        branches += 1;
        if branches > MOST_BRANCHES {
            return best.map_or(Outcome::Open(Why::Fuel), Outcome::Found);
        }
        let Ok(choice) = next_choice(problem, &mut branch) else {
            continue;
        };
        if let Some(choice) = choice {
            split(problem, branch, choice, &mut stack);
            continue;
        }
        leaves += 1;
        match modeller.model(problem, &branch.state) {
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
        let choices = std::mem::take(&mut branch.choices);
        let mut fewest: Option<(usize, NodeId)> = None;
        let mut forced = Vec::new();
        let mut kept = Vec::with_capacity(choices.len());
        for choice in choices {
            let (mut open, mut last, mut holds) = (0, None, false);
            for alternative in problem.formulas.alternatives(choice) {
                match branch.state.judge(problem, *alternative) {
                    Known::True => {
                        holds = true;
                        break;
                    }
                    Known::False => {}
                    Known::Open => {
                        open += 1;
                        last = Some(*alternative);
                    }
                }
            }
            match (holds, open, last) {
                (true, ..) => {}
                (_, 1, Some(only)) => forced.push(only),
                (_, 0, _) => return Err(Conflict),
                _ => {
                    if fewest.is_none_or(|(least, _)| open < least) {
                        fewest = Some((open, choice));
                    }
                    kept.push(choice);
                }
            }
        }
        branch.choices = kept;
        if forced.is_empty() {
            return Ok(fewest.map(|(_, choice)| choice));
        }
        for node in forced {
            let mut more = Vec::new();
            branch.state.assume(problem, node, &mut more)?;
            branch.choices.extend(more);
        }
    }
}

/// One branch for each alternative; the first of them is looked at first.
fn split(problem: &Problem<'_>, branch: Branch, choice: NodeId, stack: &mut Vec<Branch>) {
    let Branch { state, mut choices } = branch;
    choices.retain(|other| *other != choice);
    for alternative in problem.formulas.alternatives(choice).iter().rev() {
        if state.judge(problem, *alternative) == Known::False {
            continue;
        }
        let mut next = Branch {
            state: state.clone(),
            choices: choices.clone(),
        };
        let assumed = next.state.assume(problem, *alternative, &mut next.choices);
        if assumed.is_ok() {
            stack.push(next);
        }
    }
}
