//! Whole builds of small sets of files in temporary folders.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use appspec_backend::{Artifact, Artifacts};
use appspec_evolve::{Delta, Migration};
use tempfile::TempDir;

use super::disk::testing::{Fate, fate, steps};
use super::{Access, Edited, Place, Refusal, Summary};

fn build(root: &Path, artifacts: &Artifacts) -> Result<Summary, Refusal> {
    build_with(root, artifacts, Edited::Refuse)
}

fn build_with(root: &Path, artifacts: &Artifacts, edited: Edited) -> Result<Summary, Refusal> {
    Place::enter(root, Access::Build)?
        .open()?
        .write(artifacts, edited, None)
}

fn compare(root: &Path, artifacts: &Artifacts) -> Result<Summary, Refusal> {
    Place::enter(root, Access::Compare)?
        .open()?
        .compare(artifacts, Edited::Refuse)
}

fn refused(result: Result<Summary, Refusal>) -> (Vec<&'static str>, String) {
    let refusal = result.expect_err("it was written");
    let codes = refusal.findings.iter().map(|it| it.code.id).collect();
    let mut text = refusal.differences;
    for finding in &refusal.findings {
        text += &finding.message;
        text += "\n";
        text += finding.help.as_deref().unwrap();
        text += "\n";
    }
    (codes, text)
}

/// Every file with its content, apart from what the compiler remembers for itself.
fn files(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                found.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

fn put(root: &Path, path: &str, content: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// The memory of a migration and its Python file.
fn migration(artifacts: &mut Artifacts, name: &str) {
    let memory = Migration {
        app: "shop".into(),
        name: name.into(),
        after: [].into(),
        uses: std::collections::BTreeSet::new(),
        delta: Delta::default(),
    };
    artifacts.add(memory.path(), Artifact::frozen(memory.to_json()));
    artifacts.add(
        format!("shop/migrations/{name}.py"),
        Artifact::frozen(format!("# {name}\n")),
    );
}

fn first() -> Artifacts {
    let mut artifacts = Artifacts::new();
    artifacts.add(
        "manage.py",
        Artifact::generated("#!/usr/bin/env python\n").executable(),
    );
    artifacts.add("shop/models.py", Artifact::generated("one\n"));
    artifacts.add("shop/admin.py", Artifact::generated("admin\n"));
    artifacts.add("shop/old/gone.py", Artifact::generated("gone\n"));
    artifacts.add("shop/logic/price.py", Artifact::owned("start\n"));
    migration(&mut artifacts, "0001_initial");
    artifacts
}

fn second() -> Artifacts {
    let mut artifacts = Artifacts::new();
    artifacts.add(
        "manage.py",
        Artifact::generated("#!/usr/bin/env python\n").executable(),
    );
    artifacts.add("shop/models.py", Artifact::generated("two\n"));
    artifacts.add("shop/admin.py", Artifact::generated("admin\n"));
    artifacts.add("shop/new/deep/api.py", Artifact::generated("api\n"));
    artifacts.add("shop/logic/price.py", Artifact::owned("start\n"));
    artifacts.add("shop/logic/tax.py", Artifact::owned("start\n"));
    migration(&mut artifacts, "0002_more");
    artifacts
}

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|it| (*it).to_owned()).collect()
}

#[test]
fn a_project_is_built_and_built_again() {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("some/where");
    let summary = build(&root, &first()).unwrap();
    assert_eq!(summary.stubs, strings(&["shop/logic/price.py"]));
    assert_eq!(summary.new.len(), 5);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &str| fs::metadata(root.join(path)).unwrap().permissions().mode();
        assert_eq!(mode("manage.py") & 0o100, 0o100);
        assert_eq!(mode("shop/models.py") & 0o111, 0);
    }

    let times = |root: &Path| -> Vec<(String, SystemTime)> {
        files(root)
            .into_keys()
            .map(|path| {
                let time = fs::metadata(root.join(&path)).unwrap().modified().unwrap();
                (path, time)
            })
            .collect()
    };
    let before = times(&root);
    let unchanged = build(&root, &first()).unwrap();
    assert!(unchanged.is_unchanged(), "{unchanged:?}");
    assert_eq!(unchanged.unchanged.len(), 6);
    assert_eq!(times(&root), before);

    put(&root, "shop/logic/price.py", "mine\n");
    put(&root, "notes.txt", "mine\n");
    let summary = build(&root, &second()).unwrap();
    assert_eq!(
        summary,
        Summary {
            new: strings(&["shop/migrations/0002_more.py", "shop/new/deep/api.py"]),
            changed: strings(&["shop/models.py"]),
            unchanged: strings(&[
                "manage.py",
                "shop/admin.py",
                "shop/logic/price.py",
                "shop/migrations/0001_initial.py",
            ]),
            stubs: strings(&["shop/logic/tax.py"]),
            removed: strings(&["shop/old/gone.py"]),
            remembers: true,
            ..Summary::default()
        }
    );
    let now = files(&root);
    assert_eq!(now["shop/logic/price.py"], "mine\n");
    assert_eq!(now["notes.txt"], "mine\n");
    assert_eq!(now["shop/models.py"], "two\n");
    assert!(!root.join("shop/old").exists());
    assert!(!root.join(".appspec/stage").exists());
    assert!(compare(&root, &second()).unwrap().is_unchanged());
}

#[test]
fn an_edited_file_stops_the_build_is_kept_or_gives_way() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    build(root, &first()).unwrap();
    put(root, "shop/models.py", "one\nby hand\n");
    let before = files(root);
    for result in [build(root, &second()), compare(root, &second())] {
        let (codes, text) = refused(result);
        assert_eq!(codes, ["world::would_overwrite"]);
        for word in [
            "shop/models.py",
            "+by hand",
            "-two",
            "--keep",
            "--overwrite",
        ] {
            assert!(text.contains(word), "{word} is missing: {text}");
        }
        assert_eq!(files(root), before);
    }
    let kept = build_with(root, &second(), Edited::Keep).unwrap();
    assert_eq!(kept.kept, ["shop/models.py"]);
    assert_eq!(files(root)["shop/models.py"], "one\nby hand\n");
    assert!(root.join("shop/new/deep/api.py").exists());
    refused(build(root, &second()));
    let summary = build_with(root, &second(), Edited::Overwrite).unwrap();
    assert_eq!(summary.changed, ["shop/models.py"]);
    assert!(build(root, &second()).unwrap().is_unchanged());
}

#[test]
fn an_edited_file_that_is_not_needed_any_more_stays() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    build(root, &first()).unwrap();
    put(root, "shop/old/gone.py", "by hand\n");
    let summary = build(root, &second()).unwrap();
    assert_eq!(summary.unused, ["shop/old/gone.py"]);
    assert_eq!(files(root)["shop/old/gone.py"], "by hand\n");
}

#[test]
fn foreign_files_are_never_touched() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    put(root, "shop/models.py", "theirs\n");
    put(root, "shop/admin.py", "admin\n");
    let before = files(root);
    for edited in [Edited::Refuse, Edited::Keep, Edited::Overwrite] {
        let (codes, text) = refused(build_with(root, &first(), edited));
        assert_eq!(codes, ["world::foreign"]);
        assert!(
            text.contains("shop/models.py") && !text.contains("admin.py"),
            "{text}"
        );
        assert_eq!(files(root), before);
    }
    assert!(!root.join(".appspec").exists());
}

#[test]
fn a_deleted_stub_is_started_again_and_said_so() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    build(root, &first()).unwrap();
    fs::remove_file(root.join("shop/logic/price.py")).unwrap();
    let summary = build(root, &first()).unwrap();
    assert_eq!(summary.stubs, ["shop/logic/price.py"]);
    put(root, "shop/logic/price.py", "mine\n");
    let mut without = first();
    without = {
        let mut kept = Artifacts::new();
        for (path, artifact) in without.iter() {
            if path != "shop/logic/price.py" {
                kept.add(path, artifact.clone());
            }
        }
        kept
    };
    for _ in 0..2 {
        let summary = build(root, &without).unwrap();
        assert_eq!(summary.unused, ["shop/logic/price.py"]);
    }
    assert_eq!(files(root)["shop/logic/price.py"], "mine\n");
}

#[test]
fn a_migration_never_changes() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    build(root, &first()).unwrap();
    let path = "shop/migrations/0001_initial.py";
    put(root, path, "# by hand\n");
    let before = files(root);
    for edited in [Edited::Refuse, Edited::Overwrite] {
        let (codes, text) = refused(build_with(root, &second(), edited));
        assert_eq!(codes, ["world::migration_edited"]);
        assert!(text.contains(path), "{text}");
        assert_eq!(files(root), before);
    }
    build_with(root, &second(), Edited::Keep).unwrap();
    assert_eq!(files(root)[path], "# by hand\n");
    assert!(build(root, &second()).unwrap().is_unchanged());

    fs::remove_file(root.join(path)).unwrap();
    let (codes, _) = refused(build(root, &second()));
    assert_eq!(codes, ["world::migration_missing"]);
    // Taken back as a whole, with its memory.
    fs::remove_file(root.join(".appspec/migrations/shop/0001_initial.json")).unwrap();
    build(root, &second()).unwrap();
    assert!(build(root, &second()).unwrap().is_unchanged());
}

/// A build that takes these migrations back.
fn build_without(root: &Path, artifacts: &Artifacts, names: &[&str]) -> Result<Summary, Refusal> {
    let mut output = Place::enter(root, Access::Build)?.open()?;
    let memories = names.iter();
    let memories = memories.map(|name| format!(".appspec/migrations/shop/{name}.json"));
    output.take_back(&memories.collect::<Vec<_>>());
    output.write(artifacts, Edited::Refuse, None)
}

#[test]
fn a_migration_that_no_database_took_gives_way() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    build(root, &first()).unwrap();
    let before = files(root);
    build(root, &second()).unwrap();

    // Another one of its name takes its place.
    let mut other = second();
    let memory = ".appspec/migrations/shop/0002_more.json";
    for path in ["shop/migrations/0002_more.py", memory] {
        let text = format!("{}\n", other.get(path).unwrap().content);
        other = other
            .iter()
            .filter(|(old, _)| *old != path)
            .map(|(old, artifact)| (old.to_owned(), artifact.clone()))
            .fold(Artifacts::new(), |mut all, (old, artifact)| {
                all.add(old, artifact);
                all
            });
        other.add(path.to_owned(), Artifact::frozen(text));
    }
    let (codes, _) = refused(build(root, &other));
    assert_eq!(codes, ["world::forgotten"], "it is asked for");
    let summary = build_without(root, &other, &["0002_more"]).unwrap();
    assert_eq!(summary.changed, strings(&["shop/migrations/0002_more.py"]));

    // Edited by hand it is nobody's to take back.
    let path = "shop/migrations/0002_more.py";
    put(root, path, "# by hand\n");
    let (codes, _) = refused(build_without(root, &first(), &["0002_more"]));
    assert_eq!(codes, ["world::migration_edited"]);
    put(root, path, &other.get(path).unwrap().content);

    let summary = build_without(root, &first(), &["0002_more"]).unwrap();
    assert!(summary.removed.contains(&path.to_owned()), "{summary:?}");
    let after = files(root);
    assert_eq!(after.get(path), None);
    assert_eq!(
        after["shop/migrations/0001_initial.py"],
        before["shop/migrations/0001_initial.py"]
    );
    assert!(!root.join(memory).exists());
    assert!(build(root, &first()).unwrap().is_unchanged());
}

#[test]
fn a_lost_manifest_is_made_again_from_what_is_as_emitted() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    build(root, &first()).unwrap();
    let manifest = fs::read_to_string(root.join(".appspec/manifest.json")).unwrap();
    fs::remove_file(root.join(".appspec/manifest.json")).unwrap();
    assert!(build(root, &first()).unwrap().is_unchanged());
    assert_eq!(
        fs::read_to_string(root.join(".appspec/manifest.json")).unwrap(),
        manifest
    );
    put(root, ".appspec/manifest.json", "nonsense");
    let (codes, _) = refused(build(root, &first()));
    assert_eq!(codes, ["world::bad_state"]);
}

#[cfg(unix)]
#[test]
fn what_is_in_the_way_is_named_and_nothing_is_written() {
    use std::os::unix::fs::symlink;
    type Obstacle = fn(&Path);
    let obstacles: [(&str, Obstacle, &str); 5] = [
        (
            "a folder",
            |root| fs::create_dir_all(root.join("shop/models.py")).unwrap(),
            "shop/models.py",
        ),
        ("a file", |root| put(root, "shop/new", "mine"), "shop/new"),
        (
            "a link out",
            |root| {
                fs::create_dir_all(root.join("shop")).unwrap();
                symlink("/tmp", root.join("shop/new")).unwrap();
            },
            "shop/new",
        ),
        (
            "a linked file",
            |root| {
                fs::create_dir_all(root.join("shop")).unwrap();
                put(root, "elsewhere", "two\n");
                symlink("../elsewhere", root.join("shop/models.py")).unwrap();
            },
            "shop/models.py",
        ),
        (
            "a linked state",
            |root| symlink("/tmp", root.join(".appspec")).unwrap(),
            ".appspec",
        ),
    ];
    for (what, obstacle, place) in obstacles {
        let folder = TempDir::new().unwrap();
        obstacle(folder.path());
        let before = files(folder.path());
        let (codes, text) = refused(build(folder.path(), &second()));
        assert_eq!(codes, ["world::cant_write"], "{what}");
        assert!(text.contains(place), "{what}: {text}");
        assert_eq!(files(folder.path()), before, "{what}");
    }
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    let mut long = second();
    long.add(
        format!("shop/{}/x.py", "x".repeat(300)),
        Artifact::generated("x\n"),
    );
    let (codes, text) = refused(build(root, &long));
    assert_eq!(codes, ["world::cant_write"]);
    assert!(text.contains("too long"), "{text}");
    assert_eq!(files(root), BTreeMap::new());
}

/// Whatever the disk refuses, the project is as it was, and nothing is left behind.
#[test]
fn a_disk_that_fails_once_changes_nothing() {
    let mut number = 0;
    loop {
        let folder = TempDir::new().unwrap();
        let root = folder.path();
        build(root, &first()).unwrap();
        put(root, "shop/logic/price.py", "mine\n");
        let before = files(root);
        fate(Fate::FailsOnce(number));
        let result = build(root, &second());
        let reached = steps() > number;
        fate(Fate::Fine);
        if !reached {
            break;
        }
        match result {
            Err(_) => {
                assert_eq!(files(root), before, "change {number}");
                assert!(
                    !root.join("shop/new").exists(),
                    "change {number} left a folder"
                );
            }
            // What fails after the last move is clearing up.
            Ok(_) => assert_eq!(files(root)["shop/models.py"], "two\n", "change {number}"),
        }
        build(root, &second()).unwrap();
        assert!(
            compare(root, &second()).unwrap().is_unchanged(),
            "change {number}"
        );
        assert!(!root.join(".appspec/stage").exists(), "change {number}");
        number += 1;
    }
    assert!(number > 30, "only {number} changes of the disk were tried");
}

/// The same of a first build, after which nothing is there.
#[test]
fn a_disk_that_fails_in_a_first_build_is_left_empty() {
    let mut number = 0;
    loop {
        let folder = TempDir::new().unwrap();
        let root = folder.path();
        put(root, "notes/mine.txt", "mine\n");
        let before = files(root);
        fate(Fate::FailsOnce(number));
        let result = build(root, &first());
        let reached = steps() > number;
        fate(Fate::Fine);
        if !reached {
            break;
        }
        match result {
            Err(_) => {
                assert_eq!(files(root), before, "change {number}");
                assert!(
                    !root.join("shop").exists() && !root.join(".appspec/migrations").exists(),
                    "change {number} left a folder"
                );
            }
            // What fails after the last move is clearing up.
            Ok(_) => assert_eq!(files(root)["shop/models.py"], "one\n", "change {number}"),
        }
        build(root, &first()).unwrap();
        assert!(
            compare(root, &first()).unwrap().is_unchanged(),
            "change {number}"
        );
        assert!(!root.join(".appspec/stage").exists(), "change {number}");
        number += 1;
    }
    assert!(number > 20, "only {number} changes of the disk were tried");
}

/// A folder that somebody makes between an interrupted first build and the next one keeps what is in it.
#[test]
fn a_folder_made_after_an_interrupted_first_build_is_kept() {
    let mut completed = 0;
    for number in 0.. {
        let folder = TempDir::new().unwrap();
        let root = folder.path();
        fate(Fate::Dead(number));
        let result = build(root, &first());
        let reached = steps() > number;
        fate(Fate::Fine);
        if !reached {
            result.unwrap();
            break;
        }
        let began = root.join(".appspec/journal.json").exists();
        put(root, "shop/mine.py", "mine\n");
        build(root, &first()).unwrap();
        let after = files(root);
        assert_eq!(after["shop/mine.py"], "mine\n", "change {number}");
        assert_eq!(after["shop/models.py"], "one\n", "change {number}");
        assert!(
            compare(root, &first()).unwrap().is_unchanged(),
            "change {number}"
        );
        completed += usize::from(began);
    }
    assert!(completed > 3, "only {completed} builds were completed");
}

/// Killed between any two changes of the disk: each file is wholly old or new, and the next build ends it.
#[test]
fn a_build_that_is_killed_is_ended_by_the_next_one() {
    for start in [None, Some(first())] {
        let goal = {
            let folder = TempDir::new().unwrap();
            if let Some(start) = &start {
                build(folder.path(), start).unwrap();
            }
            build(folder.path(), &second()).unwrap();
            files(folder.path())
        };
        let mut number = 0;
        loop {
            let folder = TempDir::new().unwrap();
            let root = folder.path();
            if let Some(start) = &start {
                build(root, start).unwrap();
            }
            let before = files(root);
            fate(Fate::Dead(number));
            let result = build(root, &second());
            let reached = steps() > number;
            fate(Fate::Fine);
            if !reached {
                result.unwrap();
                break;
            }
            for (path, content) in files(root) {
                let state = path.starts_with(".appspec/") && path != ".appspec/manifest.json";
                assert!(
                    state
                        || before.get(&path) == Some(&content)
                        || goal.get(&path) == Some(&content),
                    "change {number}: {path} is half written: {content}"
                );
            }
            for path in before.keys() {
                assert!(
                    root.join(path).exists() || !goal.contains_key(path),
                    "change {number}: {path} is gone"
                );
            }
            build(root, &second()).unwrap();
            assert_eq!(files(root), goal, "change {number}");
            number += 1;
        }
        assert!(number > 30, "only {number} moments were tried");
    }
}

/// The disk fails while files are moved, and the process is killed while it takes that back.
#[test]
fn a_retreat_that_is_killed_is_ended_by_the_next_build() {
    let mut retreats = 0;
    for fails in 15.. {
        let mut any = false;
        for dies in fails + 1.. {
            let folder = TempDir::new().unwrap();
            let root = folder.path();
            build(root, &first()).unwrap();
            fate(Fate::FailsThenDead(fails, dies));
            let result = build(root, &second());
            let reached = steps() > dies;
            fate(Fate::Fine);
            if !reached || result.is_ok() {
                break;
            }
            any = true;
            retreats += 1;
            assert!(root.join("shop/models.py").exists() && root.join("manage.py").exists());
            build(root, &second()).unwrap();
            assert!(
                compare(root, &second()).unwrap().is_unchanged(),
                "{fails}, {dies}"
            );
            assert!(!root.join(".appspec/undo.json").exists(), "{fails}, {dies}");
        }
        if !any {
            break;
        }
    }
    assert!(retreats > 40, "only {retreats} retreats were interrupted");
}

/// What somebody writes between an interrupted build and the next one is theirs.
#[test]
fn an_edit_after_an_interrupted_build_is_not_lost() {
    for number in 0.. {
        let folder = TempDir::new().unwrap();
        let root = folder.path();
        build(root, &first()).unwrap();
        fate(Fate::Dead(number));
        let result = build(root, &second());
        let reached = steps() > number;
        fate(Fate::Fine);
        if !reached {
            result.unwrap();
            break;
        }
        put(root, "shop/models.py", "by hand\n");
        let (codes, _) = refused(build(root, &second()));
        assert_eq!(codes, ["world::would_overwrite"], "change {number}");
        assert_eq!(
            files(root)["shop/models.py"],
            "by hand\n",
            "change {number}"
        );
        assert!(build_with(root, &second(), Edited::Overwrite).is_ok());
        assert!(
            compare(root, &second()).unwrap().is_unchanged(),
            "change {number}"
        );
    }
}
