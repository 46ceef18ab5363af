use crate::{Change, Step};

/// Steps in an order in which each finds what it needs: names first, then new tables and values, then columns,
/// then what is said about them. Within a kind, the order in which they were found.
pub(super) fn sorted(mut steps: Vec<Step>) -> Vec<Step> {
    steps.sort_by_key(|step| match step.change {
        Change::MergeMigrations(_) | Change::DropAcross { .. } => 0,
        Change::RenameEntity { .. } => 1,
        Change::RenameEnum { .. } => 2,
        Change::RenameField { .. } => 3,
        Change::AddEntity(_) => 4,
        Change::RenameChoice { .. } => 5,
        Change::AlterEnum(_) => 6,
        Change::AddField(_) => 7,
        Change::AlterField(_) => 8,
        Change::AddDerive(_) | Change::ReplaceDerive(_) => 9,
        Change::AlterDerive(_) => 10,
        Change::AddIndex { .. } => 11,
        Change::AddUnique { .. } => 12,
        Change::AddInvariant(_) => 13,
        Change::AlterLifecycle { .. } => 14,
        Change::AddLifecycle { .. } => 15,
        Change::AlterUniqueMessage { .. } => 16,
        Change::AlterOverlapMessage { .. } => 17,
        Change::AlterInvariantMessage(_) => 18,
        Change::AlterEntity(_) => 19,
        Change::DropMember { .. } => 20,
        Change::DropField { .. } => 21,
        Change::DropEntity { .. } => 22,
        Change::AddRuleToRows { .. } => 23,
        Change::AddAcross { .. } => 24,
    });
    steps
}
