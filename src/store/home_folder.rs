//! `~` in a path, as a shell reads it.

use std::path::{Path, PathBuf};

/// The path with the home folder in place of a leading `~`; as it is where there is none.
pub fn in_home(path: &Path) -> PathBuf {
    in_folder(path, std::env::home_dir())
}

fn in_folder(path: &Path, home: Option<PathBuf>) -> PathBuf {
    match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_tilde_that_stands_for_the_home_folder_is_replaced() {
        for (path, full) in [
            ("~/ca.pem", "/home/ada/ca.pem"),
            ("~/a/~/b", "/home/ada/a/~/b"),
            ("~", "/home/ada"),
            ("~bob/ca.pem", "~bob/ca.pem"),
            ("./~/ca.pem", "./~/ca.pem"),
            ("/~", "/~"),
            ("", ""),
        ] {
            assert_eq!(in_folder(path.as_ref(), Some("/home/ada".into())), Path::new(full));
        }
        let nowhere = in_folder("~/ca.pem".as_ref(), None);
        assert_eq!(nowhere, Path::new("~/ca.pem"), "without a home it is a name like another");
    }
}
