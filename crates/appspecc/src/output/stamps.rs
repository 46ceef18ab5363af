//! What a build leaves for the next one on the same machine: from what the project was emitted, and how its files looked
//! to the file system afterwards. Where both are as they were, nothing has to be emitted to find that nothing changed.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::Path;
use std::time::UNIX_EPOCH;

use appspec_diagnostics::Sources;
use appspec_evolve::History;
use appspec_ir::in_shares;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::look;
use super::manifest::{Manifest, hex};
use super::summary::Summary;

/// Where they lie, relative to the project. Not under version control: they are true on one machine.
const PATH: &str = ".appspec/stamps.json";

/// Below this many files, starting a thread costs more than it saves.
const WORTH_A_THREAD: usize = 64;

/// Everything that an emitted project hangs on but what is in its folder: the compiler and the spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MadeFrom(String);

impl MadeFrom {
    /// None where the running compiler can't be told from another one of the same version.
    pub(crate) fn of(sources: &Sources) -> Option<Self> {
        let compiler = fs::metadata(std::env::current_exe().ok()?).ok()?;
        let compiler = serde_json::to_vec(&Stamp::of(&compiler)?).ok()?;
        let mut hash = Sha256::new();
        let mut part = |bytes: &[u8]| {
            hash.update(bytes.len().to_le_bytes());
            hash.update(bytes);
        };
        part(env!("CARGO_PKG_VERSION").as_bytes());
        part(&compiler);
        for (_, source) in sources.iter() {
            part(source.path.as_bytes());
            part(source.module.as_bytes());
            part(source.text.as_bytes());
        }
        Some(Self(hex(&hash.finalize())))
    }
}

/// What changes when a file or a folder does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    length: u64,
    /// When its content was written last, in nanoseconds since 1970.
    modified: u64,
    /// When anything about it changed last, its name or its rights too, and which it is; nothing but on Unix.
    changed: i64,
    inode: u64,
}

impl Stamp {
    /// None where the system has no such times.
    fn of(data: &Metadata) -> Option<Self> {
        let modified = data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        #[cfg(unix)]
        let (changed, inode) = {
            use std::os::unix::fs::MetadataExt;
            let changed = data.ctime().checked_mul(1_000_000_000)?;
            (changed.checked_add(data.ctime_nsec())?, data.ino())
        };
        #[cfg(not(unix))]
        let (changed, inode) = (0, 0);
        Some(Self {
            length: data.len(),
            modified: modified.as_nanos().try_into().ok()?,
            changed,
            inode,
        })
    }

    fn of_file(path: &Path) -> Option<Self> {
        let data = fs::symlink_metadata(path).ok()?;
        Self::of(&data).filter(|_| data.is_file())
    }

    fn of_folder(path: &Path) -> Option<Self> {
        let data = fs::symlink_metadata(path).ok()?;
        Self::of(&data).filter(|_| data.is_dir())
    }
}

/// How a project looked when it was what the spec says.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stamps {
    format: u32,
    made_from: String,
    /// The clock of the file system before anything was looked at. What was written in the same moment may have been
    /// written again since, and looks the same.
    taken: u64,
    files: BTreeMap<String, Stamp>,
    /// Those in which a merge puts files of which nobody has heard.
    folders: BTreeMap<String, Stamp>,
}

impl Stamps {
    const FORMAT: u32 = 1;

    /// What a build of this would say; none unless it surely writes nothing and finds nothing.
    pub(crate) fn unchanged(root: &Path, made_from: &MadeFrom) -> Option<Summary> {
        let text = fs::read(root.join(PATH)).ok()?;
        let stamps: Self = serde_json::from_slice(&text).ok()?;
        if stamps.format != Self::FORMAT || stamps.made_from != made_from.0 {
            return None;
        }
        let paths = stamps.files.keys().chain(stamps.folders.keys());
        look::folders(root, paths.map(String::as_str)).ok()?;
        let is_as_it_was = |now: Option<Stamp>, then: &Stamp| {
            then.modified < stamps.taken && now.is_some_and(|now| now == *then)
        };
        let files = stamps.files.iter();
        let folders = stamps.folders.iter();
        let all = files
            .map(|(path, then)| is_as_it_was(Stamp::of_file(&root.join(path)), then))
            .chain(
                folders.map(|(path, then)| is_as_it_was(Stamp::of_folder(&root.join(path)), then)),
            );
        if !all.into_iter().all(|is_it| is_it) {
            return None;
        }
        let files = stamps.files.into_keys();
        Some(Summary {
            unchanged: files
                .filter(|path| !path.starts_with(".appspec/"))
                .collect(),
            ..Summary::default()
        })
    }

    /// Remembers how the project looks, which is what the spec says in every file of the manifest. What can't be
    /// remembered is found out again.
    pub(crate) fn take(root: &Path, made_from: &MadeFrom, files: &Manifest) {
        if Self::written(root, made_from, files).is_err() {
            let _ = fs::remove_file(root.join(PATH));
        }
    }

    fn written(root: &Path, made_from: &MadeFrom, manifest: &Manifest) -> io::Result<()> {
        let path = root.join(PATH);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = File::create_new(&path)?;
        let strange = || io::Error::from(io::ErrorKind::InvalidData);
        let taken = Stamp::of(&file.metadata()?).ok_or_else(strange)?.modified;
        let paths = manifest.files.keys().map(String::as_str);
        let paths: Vec<&str> = paths.chain([Manifest::PATH]).collect();
        let stamps = in_shares(&paths, WORTH_A_THREAD, |paths| {
            let stamps = paths.iter().map(|path| Stamp::of_file(&root.join(path)));
            stamps.collect()
        });
        let files = paths.iter().zip(stamps).map(|(path, stamp)| {
            let stamp = stamp.ok_or_else(strange)?;
            Ok(((*path).to_owned(), stamp))
        });
        let memories = manifest.files.keys().filter_map(|path| {
            let (folder, _) = path.rsplit_once('/')?;
            folder.starts_with(History::FOLDER).then_some(folder)
        });
        let mut folders = BTreeMap::new();
        for folder in memories.chain([History::FOLDER]) {
            if !folders.contains_key(folder) {
                let stamp = Stamp::of_folder(&root.join(folder)).ok_or_else(strange)?;
                folders.insert(folder.to_owned(), stamp);
            }
        }
        let stamps = Self {
            format: Self::FORMAT,
            made_from: made_from.0.clone(),
            taken,
            files: files.collect::<io::Result<_>>()?,
            folders,
        };
        file.write_all(&serde_json::to_vec(&stamps)?)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use appspec_backend::{Artifact, Artifacts};
    use appspec_evolve::{Delta, Migration};
    use tempfile::TempDir;

    use super::super::{Access, Edited, Place};
    use super::*;

    /// A project with a memory, of which stamps were taken.
    fn built(made_from: &MadeFrom) -> TempDir {
        let root = TempDir::new().unwrap();
        let mut artifacts = Artifacts::new();
        artifacts.add("manage.py", Artifact::generated("start\n"));
        artifacts.add("shop/models.py", Artifact::generated("one\n"));
        artifacts.add("shop/logic.py", Artifact::owned("stub\n"));
        let memory = Migration {
            app: "shop".into(),
            name: "0001_initial".into(),
            after: [].into(),
            uses: [].into(),
            delta: Delta::default(),
        };
        artifacts.add(memory.path(), Artifact::frozen(memory.to_json()));
        let path = "shop/migrations/0001_initial.py";
        artifacts.add(path, Artifact::frozen("# first\n"));
        let write = |made_from| {
            let place = Place::enter(root.path(), Access::Build).unwrap();
            place
                .open()
                .unwrap()
                .write(&artifacts, Edited::Refuse, made_from)
        };
        write(None).unwrap();
        // Later than the last change by any clock of a file system.
        std::thread::sleep(Duration::from_millis(20));
        assert!(write(Some(made_from)).unwrap().is_unchanged());
        root
    }

    fn made_from(text: &str) -> MadeFrom {
        MadeFrom(text.to_owned())
    }

    #[test]
    fn a_project_that_nobody_touched_is_unchanged() {
        let root = built(&made_from("a spec"));
        let unchanged = || Stamps::unchanged(root.path(), &made_from("a spec"));
        let paths = [
            "manage.py",
            "shop/logic.py",
            "shop/migrations/0001_initial.py",
            "shop/models.py",
        ];
        assert_eq!(unchanged().unwrap().unchanged, paths);
        assert!(unchanged().unwrap().is_unchanged());
        assert_eq!(Stamps::unchanged(root.path(), &made_from("another")), None);
    }

    #[test]
    fn whatever_somebody_did_is_seen() {
        type Deed = fn(&Path) -> io::Result<()>;
        let deeds: [(&str, Deed); 9] = [
            ("wrote as many bytes", |root| {
                fs::write(root.join("shop/models.py"), "two\n")
            }),
            ("wrote the same", |root| {
                fs::write(root.join("shop/models.py"), "one\n")
            }),
            ("removed a file", |root| {
                fs::remove_file(root.join("manage.py"))
            }),
            ("edited a file of their own", |root| {
                fs::write(root.join("shop/logic.py"), "done\n")
            }),
            ("put a folder in the place of a file", |root| {
                fs::remove_file(root.join("manage.py"))?;
                fs::create_dir(root.join("manage.py"))
            }),
            ("merged a memory", |root| {
                fs::write(root.join(".appspec/migrations/shop/0002_more.json"), "{}")
            }),
            ("merged the memory of another app", |root| {
                fs::create_dir(root.join(".appspec/migrations/other"))
            }),
            ("merged the manifest", |root| {
                let path = root.join(".appspec/manifest.json");
                let text = fs::read_to_string(&path)?;
                fs::write(path, text + "\n")
            }),
            ("damaged the stamps", |root| {
                let text = fs::read_to_string(root.join(PATH))?;
                fs::write(root.join(PATH), text.split_at(text.len() / 2).0)
            }),
        ];
        for (what, deed) in deeds {
            let root = built(&made_from("a spec"));
            deed(root.path()).unwrap();
            let found = Stamps::unchanged(root.path(), &made_from("a spec"));
            assert_eq!(found, None, "somebody {what}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_and_old_times_are_seen() {
        let root = built(&made_from("a spec"));
        let file = root.path().join("shop/models.py");
        let before = fs::metadata(&file).unwrap().modified().unwrap();
        fs::write(&file, "two\n").unwrap();
        File::options()
            .write(true)
            .open(&file)
            .unwrap()
            .set_modified(before)
            .unwrap();
        assert_eq!(Stamps::unchanged(root.path(), &made_from("a spec")), None);

        let root = built(&made_from("a spec"));
        fs::rename(root.path().join("shop"), root.path().join("elsewhere")).unwrap();
        std::os::unix::fs::symlink("elsewhere", root.path().join("shop")).unwrap();
        assert_eq!(Stamps::unchanged(root.path(), &made_from("a spec")), None);
    }

    #[test]
    fn what_was_written_in_the_same_moment_is_not_trusted() {
        let root = built(&made_from("a spec"));
        let text = fs::read(root.path().join(PATH)).unwrap();
        let mut stamps: Stamps = serde_json::from_slice(&text).unwrap();
        stamps.taken = stamps.files["shop/models.py"].modified;
        fs::write(root.path().join(PATH), serde_json::to_vec(&stamps).unwrap()).unwrap();
        assert_eq!(Stamps::unchanged(root.path(), &made_from("a spec")), None);
    }

    #[test]
    fn another_spec_is_made_from_something_else() {
        use appspec_diagnostics::{Origin, Source};
        let spec = |path: &str, text: &str| {
            let mut sources = Sources::new();
            sources.add(Source {
                path: path.into(),
                module: "shop".into(),
                origin: Origin::Spec,
                text: text.into(),
            });
            MadeFrom::of(&sources).unwrap()
        };
        assert_eq!(spec("a", "bc"), spec("a", "bc"));
        assert_ne!(spec("a", "bc"), spec("a", "bd"));
        assert_ne!(spec("a", "bc"), spec("ab", "c"));
    }
}
