//! The real window against the real sandbox, by accessible name.

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use futures::FutureExt;
use hindsight::decision::{Append, Expected, Proposed};
use hindsight::definition_files::{DefinitionFiles, DefinitionReader};
use hindsight::node::{Config, Node};
use hindsight::record::StreamName;
use hindsight::shell::{Options, Reset, Shell};
use hindsight::store::{Permit, Session, StoreError, Target};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

pub struct Window {
    pub harness: Harness<'static, Shell>,
    pub runtime: Runtime,
    pub node: Node,
    _data_dir: tempfile::TempDir,
}

impl Window {
    pub fn open(samples: bool, theme: egui::Theme) -> Self {
        let runtime = Runtime::new().unwrap();
        let node = runtime.block_on(Node::start(Config { samples, ..Config::default() })).unwrap();
        Self::on(runtime, node, theme)
    }

    /// On a database that says this of itself.
    pub fn declared(theme: egui::Theme, info: &str) -> Self {
        let runtime = Runtime::new().unwrap();
        let node = runtime.block_on(Node::start(Config::default())).unwrap();
        runtime.block_on(async {
            let settings = node.connection_string().parse().unwrap();
            let client = eventstore::Client::new(settings).unwrap();
            let info: serde_json::Value = serde_json::from_str(info).unwrap();
            let event = eventstore::EventData::json("$ServerInfo", &info).unwrap();
            client
                .append_to_stream("$server-info", &eventstore::AppendToStreamOptions::default(), event)
                .await
                .unwrap();
        });
        Self::on(runtime, node, theme)
    }

    fn on(runtime: Runtime, node: Node, theme: egui::Theme) -> Self {
        let url = node.connection_string();
        Self::through(&url, runtime, node, theme)
    }

    /// On a node that is reached by this connection string.
    pub fn through(url: &str, runtime: Runtime, node: Node, theme: egui::Theme) -> Self {
        Self::with_options(url, runtime, node, theme, |_| {})
    }

    pub fn with_reset(url: &str, runtime: Runtime, node: Node, theme: egui::Theme, reset: Reset) -> Self {
        Self::with_options(url, runtime, node, theme, |options| options.reset = reset)
    }

    pub fn with_options(
        url: &str,
        runtime: Runtime,
        node: Node,
        theme: egui::Theme,
        change: impl FnOnce(&mut Options),
    ) -> Self {
        let mut window = Self::begun(url, runtime, node, theme, change);
        window.until("caught up");
        window
    }

    /// Before it is connected.
    pub fn begun(
        url: &str,
        runtime: Runtime,
        node: Node,
        theme: egui::Theme,
        change: impl FnOnce(&mut Options),
    ) -> Self {
        let (data_dir, url) = (tempfile::tempdir().unwrap(), url.to_owned());
        let mut options = Options {
            definition_files: DefinitionFiles::default(),
            definitions: DefinitionReader::default(),
            target: Target::Sandbox,
            stream: None,
            at: None,
            first_look: None,
            category: None,
            runtime: runtime.handle().clone(),
            resolve: Arc::new(move || {
                let url = url.clone();
                async move { Ok::<_, StoreError>(url.into()) }.boxed()
            }),
            reset: Arc::new(|| async { Ok(()) }.boxed()),
            open_file: Arc::new(|file| async move { hindsight::run::open_history_file(&file).await }.boxed()),
            data_dir: data_dir.path().to_owned(),
            settings: hindsight::app::Settings { sandbox_introduced: true, ..Default::default() },
            started: Instant::now(),
            failures: tokio::sync::mpsc::channel(1).1,
        };
        change(&mut options);
        let harness = Harness::builder()
            .with_size([1280.0, 800.0])
            .with_theme(theme)
            .allow_missing_glyphs()
            .build_eframe(move |cc| Shell::new(cc, options));
        Self { harness, runtime, node, _data_dir: data_dir }
    }

    pub fn shows(&self, text: &str) -> bool {
        self.harness.query_all_by_label_contains(text).next().is_some()
            || self.harness.query_all_by_value(text).next().is_some()
    }

    /// Draws until the text is somewhere in the window.
    #[track_caller]
    pub fn until(&mut self, text: &str) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while !self.shows(text) {
            assert!(Instant::now() < deadline, "never shown: {text}");
            self.harness.run_steps(2);
            std::thread::park_timeout(Duration::from_millis(1));
        }
    }

    #[track_caller]
    pub fn click(&mut self, name: &str) {
        // Panels that grew with their content have their size one frame later.
        self.harness.run_steps(2);
        self.harness.get_by_label(name).click();
        self.harness.run_steps(4);
    }

    /// The whole name of the one part whose name contains the text.
    #[track_caller]
    pub fn label(&self, text: &str) -> String {
        self.harness.get_by_label_contains(text).accesskit_node().label().unwrap()
    }

    #[track_caller]
    pub fn types(&mut self, name: &str, text: &str) {
        let field = self.harness.get_by_role_and_label(egui::accesskit::Role::TextInput, name);
        field.focus();
        self.harness.run_steps(2);
        self.harness.event(egui::Event::Text(text.to_owned()));
        self.harness.run_steps(3);
    }

    pub fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.run_steps(4);
    }

    /// Writes as another program would.
    pub fn elsewhere(&self, id: &str, expected: Expected, event_type: &'static str, data: &str) {
        let event = Proposed {
            id: uuid::Uuid::new_v4(),
            event_type: event_type.into(),
            data: data.as_bytes().into(),
            metadata: Box::default(),
        };
        let stream = StreamName::new(&format!("order-{id}"));
        let url = self.node.connection_string();
        self.runtime.block_on(async {
            let session = Session::connect(&url).await.unwrap();
            let append = Append { stream, expected, events: vec![event] };
            session.writer().append(&append, Permit::Production).await.unwrap();
        });
    }

    pub fn with_order(theme: egui::Theme) -> Self {
        let mut window = Self::open(false, theme);
        window.elsewhere("abc", Expected::NoStream, "OrderCreated", CREATED);
        window.until("order-abc");
        window.open_stream("order-abc");
        window
    }

    pub fn open_stream(&mut self, stream: &str) {
        self.go_to(stream);
        self.until("complete history");
    }

    /// The sample order that was paid twice, at its second payment.
    pub fn paid_twice(theme: egui::Theme) -> Self {
        let mut window = Self::open(true, theme);
        window.go_to("order-14ad6e22");
        window.until("rev 2 of 2");
        window
    }

    /// Asks for a stream without waiting for it.
    pub fn go_to(&mut self, stream: &str) {
        self.press(Modifiers::COMMAND, Key::K);
        self.harness.event(egui::Event::Text(stream.to_owned()));
        self.harness.run_steps(3);
        self.press(Modifiers::NONE, Key::Enter);
    }

    pub fn open_journal(&mut self) {
        self.press(Modifiers::COMMAND, Key::K);
        self.harness.event(egui::Event::Text("journal".to_owned()));
        self.harness.run_steps(3);
        self.press(Modifiers::NONE, Key::Enter);
    }

    /// Events in the stream, as the database has it.
    pub fn events(&self, stream: &str) -> usize {
        let url = self.node.connection_string();
        let mut count = 0;
        self.runtime.block_on(async {
            let session = Session::connect(&url).await.unwrap();
            session.read(&StreamName::new(stream), |records| count += records.len()).await.unwrap();
        });
        count
    }
}

const CREATED: &str = r#"{"OrderID":"abc","UserID":"user123","Total":99.9}"#;

#[test]
fn an_empty_database_says_what_to_do_in_both_themes() {
    for theme in [egui::Theme::Dark, egui::Theme::Light] {
        let window = Window::open(false, theme);
        assert!(window.shows("No stream of category order"));
        assert!(window.shows("No stream is open"));
        assert!(window.shows("$all, prefix order-"), "where the list comes from");
    }
}

#[test]
fn every_control_that_scripts_use_has_its_name() {
    let mut window = Window::with_order(egui::Theme::Dark);
    for name in [
        "Filter streams",
        "Go to anything",
        "Oldest",
        "Step back",
        "Play",
        "Step forward",
        "Newest",
        "State",
        "Changes",
        "Event",
        "Raw",
        "Create order",
        "Pay order",
        "Append",
        "Connection",
        "Theme",
    ] {
        assert!(window.harness.query_all_by_label(name).next().is_some(), "{name}");
    }
    for name in ["User", "Total", "Order"] {
        assert!(window.harness.query_all_by_label(name).next().is_some(), "{name}");
    }
    window.click("Pay order");
    assert!(window.harness.query_all_by_label("Expected revision").next().is_some());
}

#[test]
fn another_programs_order_is_stepped_through_both_ways() {
    let mut window = Window::with_order(egui::Theme::Light);
    window.elsewhere(
        "abc",
        Expected::Exact(hindsight::record::Revision(0)),
        "OrderPaid",
        r#"{"OrderID":"abc"}"#,
    );
    window.until("rev 1 of 1");
    assert!(window.shows("+ true"));
    window.press(Modifiers::NONE, Key::ArrowLeft);
    window.until("rev 0 of 1");
    assert!(window.shows("99.9"));
    window.click("Step back");
    window.until("before the first event");
    window.click("Newest");
    window.until("rev 1 of 1");
}

#[test]
fn an_order_is_created_and_paid_and_then_refuses() {
    let mut window = Window::open(false, egui::Theme::Dark);
    window.types("User", "用户42");
    window.types("Total", "99.90");
    window.click("Append");
    window.until("Appended OrderCreated as revision 0");
    window.until("\"用户42\"");
    window.click("Pay order");
    window.until("OrderPaid to order-");
    window.click("Append");
    window.until("Appended OrderPaid as revision 1");
    window.click("Create order");
    window.click("Pay order");
    window.until("is already paid");
    assert!(window.shows("Up to revision 0 it would have appended OrderPaid."));
}

#[test]
fn a_filter_hides_the_rest_and_can_be_undone() {
    let mut window = Window::open(true, egui::Theme::Dark);
    window.types("Filter streams", "no such order");
    window.until("Nothing matches");
    window.press(Modifiers::NONE, Key::Escape);
    window.until("40 streams · $all, prefix order-");
    assert!(!window.shows("Nothing matches"));
}

#[test]
fn a_stale_expectation_is_a_conflict_that_says_what_is_there() {
    let mut window = Window::with_order(egui::Theme::Dark);
    window.elsewhere("abc", Expected::Exact(hindsight::record::Revision(0)), "OrderNoteAdded", "{}");
    window.until("rev 1 of 1");
    window.click("Pay order");
    window.harness.get_by_role_and_label(egui::accesskit::Role::ComboBox, "Expected revision").click();
    window.harness.run_steps(4);
    window.click("exactly 0");
    window.click("Append");
    window.until("Conflict: the write expected exactly 0, the stream is at revision 1");
}
