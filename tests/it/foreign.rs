//! The official clients of other languages against `hindsight serve`, and the questions that a real server was asked.

use std::env;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use tempfile::TempDir;

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/foreign");
const CERTIFICATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/node/certificate");
const PROTOCOL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/node/proto");
const PROGRAM: &str = env!("CARGO_BIN_EXE_hindsight");

/// A folder with the scripts and the packages that they need, or why there is none.
type Tools = LazyLock<Result<PathBuf, String>>;

static PYTHON: Tools = LazyLock::new(|| {
    let folder = copied("python")?;
    let venv = folder.join("venv");
    if fresh(&folder, "requirements.txt") {
        call(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv))?;
        let mut pip = Command::new(venv.join("bin/pip"));
        call(pip.args(["install", "--quiet", "-r"]).arg(folder.join("requirements.txt")))?;
        installed(&folder, "requirements.txt")?;
    }
    Ok(folder)
});

static NODE: Tools = LazyLock::new(|| {
    let folder = copied("node")?;
    if fresh(&folder, "package.json") {
        let npm = ["install", "--silent", "--no-audit", "--no-fund", "--no-package-lock"];
        call(Command::new("npm").current_dir(&folder).args(npm))?;
        installed(&folder, "package.json")?;
    }
    Ok(folder)
});

/// The scripts, beside what will be installed for them.
fn copied(name: &str) -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let copied = std::fs::create_dir_all(&folder).map_err(|error| error.to_string());
    copied.and_then(|()| call(Command::new("cp").arg("-r").arg(format!("{SOURCES}/.")).arg(&folder)))?;
    // The questions are asked in the node's own words.
    call(Command::new("cp").arg("-r").arg(PROTOCOL).arg(folder.join("conformance")))?;
    Ok(folder)
}

fn fresh(folder: &Path, list: &str) -> bool {
    std::fs::read(folder.join(list)).ok() != std::fs::read(folder.join("installed")).ok()
}

fn installed(folder: &Path, list: &str) -> Result<(), String> {
    std::fs::copy(folder.join(list), folder.join("installed")).map(drop).map_err(|error| error.to_string())
}

/// Runs to the end; the error is what it said.
fn call(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{name} cannot be run: {error}"))?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    if output.status.success() { Ok(said) } else { Err(format!("{name} failed: {said}")) }
}

/// Where the tools are missing the test is skipped, and says so; `HINDSIGHT_FOREIGN=required` makes that an error.
fn ready(tools: &Tools) -> Option<&Path> {
    match &**tools {
        Ok(folder) => Some(folder),
        Err(why) => {
            assert!(env::var_os("HINDSIGHT_FOREIGN") != Some("required".into()), "{why}");
            #[expect(
                clippy::explicit_write,
                reason = "the harness keeps what passing tests print with macros"
            )]
            writeln!(std::io::stderr(), "skipped, clients of other languages: {why}").unwrap();
            None
        }
    }
}

/// `hindsight serve` that can be told to start again at the same address.
struct Served {
    folder: TempDir,
    scripts: PathBuf,
    options: Vec<String>,
    url: String,
}

impl Served {
    fn start(scripts: &Path, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("served.db").display().to_string();
        let options = ["serve", "--file", &file].iter().chain(options).map(ToString::to_string).collect();
        let mut served = Self { folder, scripts: scripts.to_owned(), options, url: String::new() };
        let first = served.restart("127.0.0.1:0");
        call(Command::new(&first[0]).args(&first[1..])).unwrap();
        let out = std::fs::read_to_string(served.folder.path().join("out")).unwrap();
        out.trim().clone_into(&mut served.url);
        served
    }

    /// The command that starts it, again or at first.
    fn restart(&self, listen: &str) -> Vec<String> {
        let folder = self.folder.path().display().to_string();
        let script = self.scripts.join("restart.sh").display().to_string();
        let mut command =
            ["sh", &script, &folder, PROGRAM, "--data-dir", &folder].map(str::to_owned).to_vec();
        command.extend(self.options.iter().cloned());
        command.extend(["--listen".to_owned(), listen.to_owned()]);
        command
    }

    fn address(&self) -> &str {
        self.url.trim_start_matches("esdb://").split('?').next().unwrap_or_default()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let pid = std::fs::read_to_string(self.folder.path().join("pid")).unwrap_or_default();
        let killed = call(Command::new("kill").arg(pid.trim()));
        assert!(killed.is_ok() || std::thread::panicking(), "{killed:?}");
    }
}

#[track_caller]
fn tour(program: impl AsRef<OsStr>, scripts: &Path, script: &str, package: &str) {
    let program = program.as_ref();
    let toured = |url: &str, authority: &str| {
        let mut command = Command::new(program);
        let said = call(command.current_dir(scripts).args([script, package, url, authority]));
        assert!(said.as_ref().is_ok_and(|said| said.contains("toured")), "{said:?}");
    };
    toured(&Served::start(scripts, &[]).url, "");
    // The older Python client refuses the option tlsCaFile.
    if package != "esdbclient" {
        toured(&Served::start(scripts, &["--dev"]).url, "");
    }
    // With TLS and a login, found by what gossip says.
    let (folder, user) = admin();
    let [authority, certificate, key] =
        ["ca.pem", "cert.pem", "key.pem"].map(|file| format!("{CERTIFICATES}/{file}"));
    let served = Served::start(scripts, &["--user", &user, "--tls-cert", &certificate, "--tls-key", &key]);
    let port = served.address().rsplit(':').next().unwrap_or_default();
    toured(&format!("esdb+discover://admin:changeit@localhost:{port}?tls=true"), &authority);
    drop(folder);
}

/// A password file, in a folder that must be kept, and the login that names it.
fn admin() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let password = folder.path().join("password");
    std::fs::write(&password, "changeit\n").unwrap();
    let user = format!("admin:{}", password.display());
    (folder, user)
}

#[test]
fn the_python_clients_tour_the_sandbox() {
    let Some(scripts) = ready(&PYTHON) else { return };
    for package in ["kurrentdbclient", "esdbclient"] {
        tour(scripts.join("venv/bin/python"), scripts, "tour.py", package);
    }
}

#[test]
fn the_node_clients_tour_the_sandbox() {
    let Some(scripts) = ready(&NODE) else { return };
    for package in ["@kurrent/kurrentdb-client", "@eventstore/db-client"] {
        tour("node", scripts, "tour.mjs", package);
    }
}

#[track_caller]
fn answers_as_recorded(options: &[&str], login: &[&str]) {
    let Some(scripts) = ready(&NODE) else { return };
    let served = Served::start(scripts, options);
    let restart = served.restart(served.address()).join(" ");
    // What a real server was asked, then what its fact sheet says beyond that.
    for questions in
        [vec!["--compare", "24.10.4.json"], vec!["--cases", "facts.mjs", "--compare", "facts.json"]]
    {
        let mut command = Command::new("node");
        command.current_dir(scripts).args(["conformance/run.mjs", "--url", served.address()]);
        command.args(questions).args(["--restart", &restart]).args(login);
        let said = call(&mut command);
        let right = said.as_ref().is_ok_and(|said| said.contains(" 0 failed"));
        assert!(right, "{}", said.unwrap_or_else(|why| why));
    }
}

#[test]
fn the_sandbox_answers_as_the_recorded_server() {
    answers_as_recorded(&[], &[]);
}

#[test]
fn with_users_the_sandbox_answers_as_the_recorded_server() {
    let (_folder, user) = admin();
    answers_as_recorded(&["--user", &user], &["--user", "admin", "--password", "changeit"]);
}
