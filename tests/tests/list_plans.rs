//! A list is found by an index of what the rule says, also where somebody reads rows in several ways: nobody who may read a
//! few rows makes PostgreSQL read all of them.

use appspec_tests::list_plans;

const ROWS: usize = 20_000;

#[test]
fn lists_of_the_salon_go_by_indexes() {
    judge(
        "salon",
        &["Client", "Hairdresser", "Employee", "Bookkeeper"],
    );
}

#[test]
fn lists_of_the_shop_go_by_indexes() {
    judge("shop", &["Visitor", "Shopper"]);
}

/// Whoever is named reads a few rows: the first list, and the one after each filter and order.
#[track_caller]
fn judge(app: &str, few: &[&str]) {
    let told = list_plans::ask(app, ROWS, &["--judge"]).fine().stdout;
    for role in few {
        let lists = told
            .lines()
            .filter(|it| it.starts_with(&format!("| {role} |")));
        let found: Vec<&str> = lists.collect();
        assert_eq!(found.len(), 4, "{role}: {told}");
        assert!(found.iter().all(|it| it.contains("Scan")), "{role}: {told}");
        assert!(
            !found.iter().any(|it| it.contains("Seq Scan")),
            "{role}: {told}"
        );
    }
}
