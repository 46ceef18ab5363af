//! Disks that are full, disks that can't be written to: for one command, gone with it.

use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use crate::ran::Ran;

/// How this process may mount file systems that nobody else sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mounts {
    /// It is root.
    Root,
    /// Anybody may, in a namespace where they are root.
    Namespace,
    /// Not at all.
    Impossible,
}

/// Tries it.
pub fn mounts() -> Mounts {
    static KIND: OnceLock<Mounts> = OnceLock::new();
    *KIND.get_or_init(|| {
        for kind in [Mounts::Root, Mounts::Namespace] {
            let folder = tempfile::TempDir::new().expect("make a temporary folder");
            let mut command = shell(kind, "mount -t tmpfs -o size=64k none \"$DISK\"");
            command
                .env("DISK", folder.path())
                .stderr(std::process::Stdio::null());
            if command.status().is_ok_and(|status| status.success()) {
                return kind;
            }
        }
        Mounts::Impossible
    })
}

/// A shell script in a mount namespace of its own. Its mounts end with it, even if it is killed.
pub fn shell(kind: Mounts, script: &str) -> Command {
    let mut command = match kind {
        Mounts::Impossible => Command::new("sh"),
        Mounts::Root | Mounts::Namespace => {
            let mut command = Command::new("unshare");
            command.arg("--mount");
            if kind == Mounts::Namespace {
                command.args(["--user", "--map-root-user"]);
            }
            command.arg("sh");
            command
        }
    };
    command.args(["-euc", script]);
    command
}

/// Runs `command` when only so many bytes can still be written below `project`, a folder of its
/// own afterwards: on a small disk of its own, or, where nothing can be mounted, under a limit of the
/// size of each file.
pub fn with_bytes_left(command: &Command, project: &Path, left: u64) -> Ran {
    let kind = mounts();
    let script = if kind == Mounts::Impossible {
        // Ignored, the signal becomes an error of the write that went too far.
        "trap '' XFSZ; ulimit -f $((LEFT / 512)); exec \"$@\""
    } else {
        "cp -a \"$PROJECT\" \"$PROJECT.kept\"
         mount -t tmpfs -o size=16m none \"$PROJECT\"
         cp -a \"$PROJECT.kept/.\" \"$PROJECT/\"
         cat /dev/zero > \"$PROJECT/ballast\" 2>/dev/null || true
         truncate -s \"-$LEFT\" \"$PROJECT/ballast\"
         code=0; \"$@\" || code=$?
         rm \"$PROJECT/ballast\"
         rm -rf \"$PROJECT.kept\" && cp -a \"$PROJECT\" \"$PROJECT.kept\"
         exit $code"
    };
    let ran = Ran::of(
        wrapped(kind, script, command)
            .env("PROJECT", project)
            .env("LEFT", left.to_string()),
    );
    if kind != Mounts::Impossible {
        let kept = project.with_extension("kept");
        std::fs::remove_dir_all(project).expect("remove the mount point's folder");
        std::fs::rename(&kept, project).expect("move the disk's content to its place");
    }
    ran
}

/// Runs `command` when nothing below `folder` can be written.
pub fn read_only(command: &Command, folder: &Path) -> Ran {
    let kind = mounts();
    let script = if kind == Mounts::Impossible {
        // Not root, then: permissions bind.
        "chmod -R a-w \"$FOLDER\"; code=0; \"$@\" || code=$?; chmod -R u+w \"$FOLDER\"; exit $code"
    } else {
        "mount --bind \"$FOLDER\" \"$FOLDER\"; mount -o remount,ro,bind \"$FOLDER\"; exec \"$@\""
    };
    Ran::of(wrapped(kind, script, command).env("FOLDER", folder))
}

fn wrapped(kind: Mounts, script: &str, command: &Command) -> Command {
    let mut shell = shell(kind, script);
    shell
        .arg("sh")
        .arg(command.get_program())
        .args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    shell
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writes(bytes: u32, folder: &Path) -> Command {
        let mut command = Command::new("sh");
        command.args([
            "-c",
            &format!("head -c {bytes} /dev/zero > '{}/new'", folder.display()),
        ]);
        command
    }

    #[test]
    fn a_disk_is_full_when_it_is_full() {
        let folder = tempfile::TempDir::new().unwrap();
        let project = folder.path().join("project");
        std::fs::create_dir(&project).unwrap();
        std::fs::write(project.join("old"), "old").unwrap();
        with_bytes_left(&writes(4_000, &project), &project, 8_192).fine();
        assert_eq!(std::fs::metadata(project.join("new")).unwrap().len(), 4_000);
        let full = with_bytes_left(&writes(40_000, &project), &project, 8_192);
        assert!(!full.status.success(), "{full}");
        assert_eq!(std::fs::read(project.join("old")).unwrap(), b"old");
    }

    #[test]
    fn a_read_only_folder_is_read_only_for_one_command() {
        let folder = tempfile::TempDir::new().unwrap();
        let refused = read_only(&writes(1, folder.path()), folder.path());
        assert!(!refused.status.success(), "{refused}");
        assert!(!folder.path().join("new").exists());
        Ran::of(&mut writes(1, folder.path())).fine();
    }
}
