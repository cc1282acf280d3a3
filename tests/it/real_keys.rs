//! Keys as a keyboard sends them: the program in a window of an X server, driven by xdotool.

use crate::cli::{Served, serve, text};
use serde_json::Value;
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// What has to be installed, and how each says its version.
const TOOLS: [(&str, &str); 3] = [("Xvfb", "-help"), ("xdotool", "version"), ("xclip", "-version")];

/// Where the tools are missing the test is skipped, and says so; `HINDSIGHT_REAL_KEYS=required` makes that an error.
fn is_ready() -> bool {
    let runs = |(tool, option): &(&str, &str)| Command::new(tool).arg(option).output().is_ok();
    let Some((missing, _)) = TOOLS.iter().find(|tool| !runs(tool)) else { return true };
    assert!(env::var_os("HINDSIGHT_REAL_KEYS") != Some("required".into()), "{missing} is not installed");
    #[expect(clippy::explicit_write, reason = "the harness keeps what passing tests print with macros")]
    writeln!(std::io::stderr(), "skipped, real keys: {missing} is not installed").unwrap();
    false
}

/// A child that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let ended = self.0.kill().and_then(|()| self.0.wait());
        assert!(ended.is_ok() || std::thread::panicking());
    }
}

/// The window on the samples, on a display of its own.
struct Keyboard {
    display: String,
    // Ended in this order.
    _window: Running,
    _server: Running,
    node: Served,
}

impl Keyboard {
    fn at(stream: &str) -> Self {
        let screen = ["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"];
        let mut server = Command::new("Xvfb");
        let mut server = server.args(screen).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut number = String::new();
        BufReader::new(server.stdout.as_mut().unwrap()).read_line(&mut number).unwrap();
        let display = format!(":{}", number.trim());
        let node = serve(&["--memory", "--samples"]);
        let mut window = node.command(&["--stream", stream]);
        window.env("DISPLAY", &display).env("LIBGL_ALWAYS_SOFTWARE", "1").stderr(Stdio::null());
        let window = Running(window.spawn().unwrap());
        let keyboard = Self { display, _window: window, _server: Running(server), node };
        keyboard.until_title(stream);
        // No window manager gives it the focus.
        let focused = keyboard.xdotool(&["search", "--onlyvisible", "--name", "Hindsight", "windowfocus"]);
        assert!(focused.status.success(), "{}", text(&focused.stderr));
        keyboard
    }

    fn xdotool(&self, arguments: &[&str]) -> Output {
        Command::new("xdotool").env("DISPLAY", &self.display).args(arguments).output().unwrap()
    }

    fn press(&self, keys: &[&str]) {
        // Without a window named, the keys go through the X server as a keyboard's do.
        let pressed = self.xdotool(&[&["key", "--delay", "0"], keys].concat());
        assert!(pressed.status.success(), "{}", text(&pressed.stderr));
    }

    fn type_text(&self, typed: &str) {
        let typed = self.xdotool(&["type", "--delay", "0", typed]);
        assert!(typed.status.success(), "{}", text(&typed.stderr));
    }

    /// The titles of the windows that are shown.
    fn title(&self) -> String {
        let found = self.xdotool(&["search", "--onlyvisible", "--name", "Hindsight", "getwindowname", "%@"]);
        text(&found.stdout).trim().to_owned()
    }

    #[track_caller]
    fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + Duration::from_mins(1);
        while !is_so(self) {
            assert!(Instant::now() < deadline, "never so: {what}; the title is {:?}", self.title());
            std::thread::park_timeout(Duration::from_millis(50));
        }
    }

    #[track_caller]
    fn until_title(&self, stream: &str) {
        self.until(stream, |keyboard| keyboard.title().contains(stream));
    }

    fn clipboard(&self) -> String {
        let mut xclip = Command::new("xclip");
        xclip.env("DISPLAY", &self.display).args(["-selection", "clipboard", "-o"]);
        text(&xclip.output().unwrap().stdout)
    }

    /// Copies the data of the event at the playhead until it is this.
    #[track_caller]
    fn until_data(&self, data: &Value) {
        self.until(&data.to_string(), |keyboard| {
            keyboard.press(&["ctrl+c"]);
            serde_json::from_str::<Value>(&keyboard.clipboard()).is_ok_and(|copied| copied == *data)
        });
    }

    /// The streams of the list, that of the newest event first, as the terminal has them.
    fn streams(&self) -> Vec<String> {
        let mut rows = self.node.json(&["list"]);
        rows.retain(|row| row["last_event"].is_string());
        rows.sort_by_key(|row| row["last_event"].to_string());
        rows.iter().rev().map(|row| row["stream"].as_str().unwrap().to_owned()).collect()
    }

    /// The data of each event, as the terminal has them.
    fn data(&self, stream: &str) -> Vec<Value> {
        let events = self.node.json(&["show", stream]);
        events.into_iter().map(|mut event| event["data"].take()).collect()
    }
}

/// A sample of two thousand events.
const LONG: &str = "order-576c3629";

#[test]
fn no_key_of_a_fast_keyboard_is_lost_or_merged() {
    if !is_ready() {
        return;
    }
    let keyboard = Keyboard::at(LONG);
    let data = keyboard.data(LONG);
    keyboard.until_data(&data[data.len() - 1]);
    let steps = [vec!["Home"], vec!["Right"; 30], vec!["shift+Right"; 3], vec!["Left"; 5]].concat();
    keyboard.press(&steps);
    keyboard.until_data(&data[55]);
    keyboard.press(&["End", "shift+Left", "Left"]);
    keyboard.until_data(&data[data.len() - 12]);
}

#[test]
fn a_list_is_walked_filtered_and_left_by_real_keys() {
    if !is_ready() {
        return;
    }
    let keyboard = Keyboard::at(LONG);
    let streams = keyboard.streams();
    let at = streams.iter().position(|stream| stream == LONG).unwrap();
    keyboard.press(&["Down", "Down", "Down", "Up"]);
    keyboard.until_title(&streams[at + 2]);
    // What is typed right after the key that opens the palette is typed into it.
    keyboard.press(&["ctrl+k"]);
    keyboard.type_text(&streams[3]);
    keyboard.press(&["Return"]);
    keyboard.until_title(&streams[3]);
    // Plain keys write into a field that has the focus, and do nothing else.
    keyboard.press(&["slash"]);
    keyboard.type_text("bob");
    keyboard.press(&["Return", "Down"]);
    let listed = keyboard.node.json(&["list"]);
    let is_theirs = |stream: &str| {
        let row = listed.iter().find(|row| row["stream"] == *stream);
        row.is_some_and(|row| row["user"] == "bob")
    };
    let first = streams.iter().find(|stream| is_theirs(stream)).unwrap();
    keyboard.until_title(first);
}
