//! What the window says of its connection: which node in which role, since when something is wrong, and what is unsafe.

use crate::history::record;
use crate::window::Window;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect, ViewportCommand, ViewportId};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use hindsight::app::{App, CommandIntent, ConnectionIntent, Effect, Intent, ListIntent, Settings, WriteMode};
use hindsight::record::StreamName;
use hindsight::store::{
    Cluster, ClusterNode, Connection, ConnectionCause, ConnectionString, Declaration, Guarded, Life,
    NodeFault, NodeState, Risk, StoreError, Target, Undeclared, Update,
};
use hindsight::ui;
use std::time::{Duration, Instant};

pub const SEEDS: &str = "esdb://a.example:1,b.example:1,c.example:1?tls=true";

/// Two hours and four minutes ago: however slow the test is, it is told so.
const LONG: &str = "2 h 4 m";

fn long_ago() -> Instant {
    Instant::now().checked_sub(Duration::from_secs(2 * 3_600 + 4 * 60 + 5)).unwrap()
}

fn node(address: &str, state: NodeState, checkpoint: u64) -> ClusterNode {
    let answer = Some(Ok(Duration::from_micros(600)));
    ClusterNode { address: address.into(), state, is_alive: true, checkpoint, answer, since: long_ago() }
}

fn faulty(address: &str, fault: NodeFault) -> ClusterNode {
    let node = node(address, NodeState::Unknown, 0);
    ClusterNode { answer: Some(Err(fault)), is_alive: false, ..node }
}

/// Of three nodes `a` leads, `b` follows, and `c` is a replica.
fn three() -> Vec<ClusterNode> {
    vec![
        node("a.example:1", NodeState::Leader, 5_000_000),
        node("b.example:1", NodeState::Follower, 5_000_000),
        node("c.example:1", NodeState::ReadOnlyReplica, 3_700_000),
    ]
}

fn leaderless() -> Cluster {
    let nodes = ["a", "b", "c"].map(|name| node(&format!("{name}.example:1"), NodeState::Unknown, 0));
    Cluster { nodes: nodes.into(), leaderless_since: Some(long_ago()), awaits: false }
}

fn online(address: &str, declaration: Declaration) -> Update {
    let (address, server) = (address.into(), "24.10.4".into());
    Update::Connection(Connection::Online { address, server, declaration, refused: None })
}

fn pulse(at: Instant) -> Update {
    Update::Pulse { at, latency: Duration::from_micros(900), head: None }
}

/// An answer that is young for as long as the test lasts.
fn fresh() -> Update {
    pulse(Instant::now() + Duration::from_hours(1))
}

fn waiting(why: StoreError) -> Update {
    let until = Instant::now() + Duration::from_hours(1);
    Update::Connection(Connection::Waiting { address: "a.example:1".into(), until, why })
}

fn unreachable() -> StoreError {
    StoreError::Unreachable(ConnectionCause::Refused { node: "a.example:1".into() })
}

/// Connected to a node of the three.
pub fn connected(url: &str, address: &str) -> App {
    let mut app = App::new(Target::Server(url.into()), "order", Settings::default());
    app.absorb(online(address, Declaration::NotProduction));
    app.absorb(fresh());
    app.absorb(Update::Cluster(Cluster::new(three())));
    app
}

/// With an order of two events that is open.
fn opened(mut app: App) -> App {
    app.apply(Intent::List(ListIntent::Select(StreamName::new("order-a"))));
    let (ticket, _) = app.goal().opened.unwrap();
    let created = r#"{"OrderID":"a","UserID":"u","Total":99.90}"#;
    let records = vec![record(0, "OrderCreated", created), record(1, "OrderNoteAdded", "{}")];
    for chunk in app.opened().unwrap().timeline().continued_by(&records) {
        app.absorb(Update::Chunk { ticket, chunk: Box::new(chunk) });
    }
    app.absorb(Update::Life { ticket, life: Life::Live, last: None });
    app
}

/// The whole window on this state; what is wanted in it is done.
pub struct Drawn(pub Harness<'static, App>);

impl Drawn {
    pub fn sized(app: App, width: f32, height: f32) -> Self {
        let mut kept = ui::Kept::default();
        let mut installed = false;
        let frame = move |ui: &mut egui::Ui, app: &mut App| {
            // The fonts that it sets are there from the next frame on.
            if !std::mem::replace(&mut installed, true) {
                return ui::theme::install(ui.ctx());
            }
            app.refresh();
            let mut out = Vec::new();
            ui::window(ui, app, &mut kept, &mut out);
            for intent in out {
                app.apply(intent);
            }
        };
        let builder = Harness::builder().with_size([width, height]).allow_missing_glyphs();
        let mut harness = builder.build_ui_state(frame, app);
        harness.run_steps(4);
        Self(harness)
    }

    pub fn of(app: App) -> Self {
        Self::sized(app, 1280.0, 800.0)
    }

    pub fn says(&mut self, update: Update) {
        self.0.state_mut().absorb(update);
        self.0.run_steps(3);
    }

    pub fn shows(&self, text: &str) -> bool {
        self.0.query_all_by_label_contains(text).next().is_some()
    }

    #[track_caller]
    pub fn click(&mut self, name: &str) {
        self.0.get_by_role_and_label(Role::Button, name).click();
        self.0.run_steps(4);
    }

    fn click_at(&mut self, pos: Pos2) {
        let button = |pressed| Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        for event in [Event::PointerMoved(pos), button(true), button(false), Event::PointerGone] {
            self.0.event(event);
            self.0.run_steps(2);
        }
    }

    pub fn press(&mut self, key: Key) {
        self.0.key_press_modifiers(Modifiers::NONE, key);
        self.0.run_steps(4);
    }

    fn top(&self) -> String {
        self.0.get_by_label("Connection").accesskit_node().value().unwrap()
    }

    /// What the nodes' lines say, from above.
    fn nodes(&self) -> Vec<(String, Rect)> {
        let rows = self.0.query_all_by_role(Role::Row);
        let named = rows.map(|row| (row.accesskit_node().label().unwrap(), row.rect()));
        // The table's rows are below the panel.
        named.filter(|(name, _)| !name.starts_with("Revision ")).collect()
    }
}

#[test]
fn the_top_bar_names_the_database_the_node_and_its_role() {
    let top = |app: App| Drawn::of(app).top();
    assert_eq!(top(connected(SEEDS, "a.example:1")), "Server a.example:1 leader of 3");
    assert_eq!(top(connected(SEEDS, "b.example:1")), "Server b.example:1 follower of 3");
    assert_eq!(top(connected(SEEDS, "c.example:1")), "Server c.example:1 read-only replica of 3");
    let mut app = App::new(Target::Sandbox, "order", Settings::default());
    app.absorb(online("127.0.0.1:2113", Declaration::NotProduction));
    app.absorb(fresh());
    app.absorb(Update::Cluster(Cluster::new(vec![node("127.0.0.1:2113", NodeState::Leader, 1)])));
    assert_eq!(top(app), "Sandbox 127.0.0.1:2113");
    let mut app = connected(SEEDS, "a.example:1");
    app.absorb(online("a.example:1", Declaration::Production("shop-eu".into())));
    assert_eq!(top(app), "Production shop-eu a.example:1 leader of 3");
}

#[test]
fn what_a_database_said_of_itself_holds_while_nobody_can_be_asked() {
    let away = || Declaration::Unreadable(Undeclared::NotRead(StoreError::NotReady));
    let mut app = connected(SEEDS, "a.example:1");
    app.absorb(online("a.example:1", away()));
    assert_eq!((app.guarded(), app.write_mode()), (None, WriteMode::Confirm));
    let denied = Declaration::Unreadable(Undeclared::NotAmong(256));
    app.absorb(online("a.example:1", denied));
    assert!(matches!(app.guarded(), Some(Guarded::Unreadable(_))), "it was asked, and does not say");
    let mut app = App::new(Target::Server(SEEDS.into()), "order", Settings::default());
    app.absorb(online("a.example:1", away()));
    assert!(app.guarded().is_some(), "nothing was said before");
}

#[test]
fn a_connection_is_called_by_its_name() {
    let mut app = connected(SEEDS, "a.example:1");
    let save = ConnectionIntent::SaveAs(SEEDS.into(), "staging".into());
    app.apply(Intent::Connection(save));
    assert_eq!(ui::title(&app), "staging (a.example:1) – Hindsight");
    assert_eq!(Drawn::of(app).top(), "staging a.example:1 leader of 3");
}

#[test]
fn no_leader_is_said_and_counted_in_place_of_a_green_word() {
    let mut app = connected(SEEDS, "b.example:1");
    app.absorb(Update::Cluster(leaderless()));
    let mut drawn = Drawn::of(app);
    let said = format!("No leader since {LONG}: reading only");
    assert_eq!(drawn.top(), format!("Server b.example:1 {said}"));
    assert_eq!(drawn.0.query_all_by_label_contains(&said).count(), 2, "status bar and foot");
    assert!(!drawn.shows("connected") && !drawn.shows("caught up"));
    drawn.says(waiting(StoreError::NoLeader));
    let top = drawn.top();
    assert!(
        top.starts_with(&format!("Server a.example:1 No leader since {LONG}: reading only, retrying in ")),
        "{top}"
    );
    drawn.says(Update::Connection(Connection::Connecting { address: "a.example:1".into() }));
    assert_eq!(drawn.top(), format!("Server a.example:1 No leader since {LONG}: reading only"));
    drawn.says(online("a.example:1", Declaration::NotProduction));
    let electing = leaderless().nodes;
    drawn.says(Update::Cluster(Cluster::new(electing)));
    assert_eq!(drawn.top(), format!("Server a.example:1 {said}"), "a new connection counts on");
    drawn.says(Update::Cluster(Cluster::new(three())));
    assert_eq!(drawn.top(), "Server a.example:1 leader of 3");
}

#[test]
fn a_leader_that_does_not_answer_here_is_not_called_missing() {
    let mut nodes = three();
    nodes[0].answer = Some(Err(NodeFault::Silent));
    let cluster = Cluster { nodes, leaderless_since: Some(long_ago()), awaits: false };
    let mut app = connected(SEEDS, "b.example:1");
    app.absorb(Update::Cluster(cluster.clone()));
    let said = format!("The leader a.example:1 does not answer since {LONG}: reading only");
    assert_eq!(Drawn::of(app).top(), format!("Server b.example:1 {said}"));
    // The one that is read answers, only not with its cluster.
    let mut app = connected(SEEDS, "a.example:1");
    app.absorb(Update::Cluster(cluster));
    assert_eq!(Drawn::of(app).top(), "Server a.example:1 leader of 3");
}

#[test]
fn the_panel_has_every_node_with_what_it_does() {
    let mut app = connected(SEEDS, "b.example:1");
    let mut nodes = three();
    nodes.push(faulty("d.example:1", NodeFault::Refused));
    nodes.push(faulty("e.example:1", NodeFault::Silent));
    app.absorb(Update::Cluster(Cluster::new(nodes)));
    let mut drawn = Drawn::of(app);
    drawn.click("Connection");
    assert!(drawn.shows(SEEDS), "the connection string");
    let rows = drawn.nodes();
    let said: Vec<_> = rows.iter().map(|(row, _)| row.as_str()).collect();
    assert_eq!(said[0], "a.example:1 leader writing goes here");
    assert_eq!(said[1], "b.example:1 follower reading here, 0.9 ms, in step with the leader");
    assert_eq!(said[2], "c.example:1 read-only replica 1.2 MiB behind the leader");
    assert!(said[3].starts_with("d.example:1 — refuses connections since "), "{}", said[3]);
    assert!(said[3].ends_with(&format!("({LONG})")), "{}", said[3]);
    assert!(said[4].starts_with("e.example:1 — does not answer since "), "{}", said[4]);
    assert_eq!(said.len(), 5);
    drawn.says(online("a.example:1", Declaration::NotProduction));
    assert_eq!(drawn.nodes()[0].0, "a.example:1 leader reading and writing here, 0.9 ms");
    drawn.press(Key::Escape);
    assert!(drawn.nodes().is_empty(), "Escape closes it");
    drawn.click("Connection");
    assert_eq!(drawn.nodes().len(), 5);
    drawn.click_at(egui::pos2(1200.0, 600.0));
    assert!(drawn.nodes().is_empty(), "a click outside closes it");
}

#[test]
fn the_panel_is_reached_and_left_by_keys_and_leads_on() {
    let mut drawn = Drawn::of(connected(SEEDS, "a.example:1"));
    drawn.0.get_by_label("Connection").focus();
    drawn.0.run_steps(2);
    drawn.press(Key::Enter);
    assert_eq!(drawn.nodes().len(), 3);
    let field = drawn.0.get_by_role_and_label(Role::TextInput, "Connection string");
    assert!(field.is_focused() && field.value().unwrap_or_default().is_empty(), "nothing is typed");
    let mut reached = Vec::new();
    for _ in 0..12 {
        drawn.press(Key::Tab);
        for name in ["Retry now", "Sandbox", "Write mode", "Keys"] {
            if drawn.0.get_all_by_label(name).any(|node| node.is_focused()) {
                reached.push(name);
            }
        }
        if reached.last() == Some(&"Retry now") {
            break;
        }
    }
    assert_eq!(reached, ["Sandbox", "Retry now"], "what lies under it has no focus");
    let before = drawn.0.state().goal().retry;
    drawn.press(Key::Enter);
    assert_eq!(drawn.0.state().goal().retry, before + 1);
    assert!(drawn.0.query_by_label("Reset sandbox…").is_none(), "it is none");
    drawn.press(Key::Escape);
    assert!(drawn.nodes().is_empty());
}

#[test]
fn a_server_without_gossip_and_the_sandbox_show_their_one_node() {
    let mut app = App::new(Target::Server("esdb://a.example:1".into()), "order", Settings::default());
    app.absorb(online("a.example:1", Declaration::NotProduction));
    app.absorb(fresh());
    let mut drawn = Drawn::of(app);
    assert_eq!(drawn.top(), "Server a.example:1");
    drawn.click("Connection");
    assert_eq!(drawn.nodes()[0].0, "a.example:1 — reading and writing here, 0.9 ms");
    let mut app = App::new(Target::Sandbox, "order", Settings::default());
    app.absorb(online("127.0.0.1:2113", Declaration::NotProduction));
    app.absorb(Update::Cluster(Cluster::new(vec![node("127.0.0.1:2113", NodeState::Leader, 1)])));
    let mut drawn = Drawn::of(app);
    drawn.click("Connection");
    assert_eq!(drawn.nodes()[0].0, "127.0.0.1:2113 leader reading and writing here");
    assert!(drawn.shows("Reset sandbox…"));
    drawn.press(Key::Escape);
    let read_only = ConnectionIntent::WriteMode(WriteMode::ReadOnly);
    drawn.0.state_mut().apply(Intent::Connection(read_only));
    drawn.click("Connection");
    assert_eq!(drawn.nodes()[0].0, "127.0.0.1:2113 leader reading here");
}

#[test]
fn what_is_in_force_and_unsafe_is_said() {
    let risks = |url: &str| ConnectionString::from(url).risks();
    assert_eq!(risks("esdb://u:secret@h:1?tls=false"), [Risk::PlainPassword]);
    assert_eq!(risks("esdb://u:secret@h:1?tls=true&tlsVerifyCert=False"), [Risk::AnyCertificate]);
    let safe = ["esdb://u:secret@h:1", "esdb://h:1?tls=false", "esdb://u@h:1?tls=false", "no string"];
    assert!(safe.into_iter().all(|url| risks(url).is_empty()));
    assert!(
        risks("esdb://u@h:1?tls=false&tlsVerifyCert=false").is_empty(),
        "without TLS nothing is verified"
    );
    let said = ["sent as plain text", "certificate is not checked"];
    for (url, of) in [("esdb://u:secret@h:1?tls=false", 0), ("esdb://u:secret@h:1?tlsVerifyCert=false", 1)] {
        let mut drawn = Drawn::of(connected(url, "h:1"));
        drawn.click("Connection");
        assert!(drawn.shows(said[of]) && !drawn.shows(said[1 - of]), "{url}");
        assert!(!format!("{:?}", drawn.0.root()).contains("secret"), "and nothing secret");
    }
}

#[test]
fn what_is_shown_without_a_connection_says_its_age_and_stays_usable() {
    let mut drawn = Drawn::of(opened(connected(SEEDS, "a.example:1")));
    assert!(!drawn.shows("as of "));
    drawn.says(pulse(long_ago()));
    drawn.says(waiting(unreachable()));
    let age = format!(", {LONG} ago");
    let aged = |drawn: &Drawn| {
        let nodes = drawn.0.query_all_by_label_contains("as of ");
        let texts = nodes.filter_map(|node| node.accesskit_node().value().or(node.accesskit_node().label()));
        texts.filter(|text| text.contains(&age)).count()
    };
    assert_eq!(aged(&drawn), 3, "the list's foot, the stream's header, the status bar");
    assert!(drawn.top().starts_with("Server a.example:1 retrying in "), "{}", drawn.top());
    assert!(drawn.shows("Nothing listens at a.example:1"), "why, and which node");
    drawn.press(Key::ArrowLeft);
    assert!(drawn.shows("rev 0 of 1"), "it is stepped through");
    assert!(drawn.shows("99.90"), "and shown exactly");
    drawn.click("Connection");
    let rows = drawn.nodes();
    assert!(rows[0].0.starts_with("a.example:1 — no answer since "), "{}", rows[0].0);
    assert!(drawn.shows("Not connected. Next try in "));
    let before = drawn.0.state().goal().retry;
    drawn.0.get_all_by_label("Retry now").last().unwrap().click();
    drawn.0.run_steps(3);
    assert_eq!(drawn.0.state().goal().retry, before + 1);
    drawn.press(Key::Escape);
    drawn.says(online("a.example:1", Declaration::NotProduction));
    drawn.says(fresh());
    assert_eq!(aged(&drawn), 0);
}

#[test]
fn a_frame_stands_as_long_as_what_it_says_of_time_is_true() {
    let stands = |app: &App| ui::stands_for(app).as_secs();
    let mut app = connected(SEEDS, "a.example:1");
    assert_eq!(stands(&app), 60, "nothing counts");
    app.apply(hindsight::app::Action::Connection.intent().unwrap());
    assert_eq!(stands(&app), 60, "every node is well");
    let mut nodes = three();
    nodes.push(faulty("d.example:1", NodeFault::Refused));
    app.absorb(Update::Cluster(Cluster::new(nodes)));
    assert_eq!(stands(&app), 1, "the panel tells since when one is not");
    app.apply(Intent::View(hindsight::app::ViewIntent::CloseDialog));
    assert_eq!(stands(&app), 60);
    app.absorb(Update::Cluster(leaderless()));
    assert_eq!(stands(&app), 1);
    app.absorb(Update::Cluster(Cluster::new(three())));
    app.absorb(waiting(unreachable()));
    assert_eq!(stands(&app), 1);
    app.absorb(Update::Connection(Connection::Connecting { address: String::new() }));
    assert_eq!(stands(&app), 1, "what is shown has an age");
    let app = App::new(Target::Sandbox, "order", Settings::default());
    assert_eq!(stands(&app), 30);
}

/// Pays the open order; the write waits for a leader.
fn write_that_waits() -> Drawn {
    let mut app = opened(connected("esdb://a.example:1", "a.example:1"));
    app.apply(Intent::Connection(ConnectionIntent::WriteMode(WriteMode::Free)));
    app.apply(Intent::Command(CommandIntent::Form(1)));
    let effects = app.apply(Intent::Command(CommandIntent::Append));
    let Some(Effect::Append(write)) = effects.into_iter().next() else { panic!("nothing is sent") };
    let ticket = write.ticket;
    app.sent(*write, true);
    let mut drawn = Drawn::of(app);
    assert!(drawn.0.query_by_label("Cancel the write").is_none());
    drawn.press(Key::Escape);
    assert_eq!(drawn.0.state().goal().withdrawn, None, "it may be on its way");
    drawn.says(Update::AppendWaits { ticket, why: StoreError::NoLeader });
    assert!(drawn.shows("Waiting, nothing was sent yet."));
    assert!(drawn.0.state().goal().withdrawn.is_none());
    drawn
}

#[test]
fn a_write_that_waits_is_cancelled_by_its_button_and_by_escape() {
    for by_key in [false, true] {
        let mut drawn = write_that_waits();
        let ticket = drawn.0.state().dock().in_flight().unwrap().ticket;
        if by_key {
            drawn.press(Key::Escape);
        } else {
            drawn.click("Cancel the write");
        }
        assert_eq!(drawn.0.state().goal().withdrawn, Some(ticket));
        assert!(drawn.shows("Cancelling the write…"));
    }
}

#[test]
fn the_title_tells_production_servers_and_the_sandbox_apart() {
    let title = |app: App| ui::title(&opened(app));
    let at = |declaration| {
        let mut app = connected(SEEDS, "a.example:1");
        app.absorb(online("a.example:1", declaration));
        app
    };
    assert_eq!(title(at(Declaration::NotProduction)), "order-a · Server (a.example:1) – Hindsight");
    let production = at(Declaration::Production("shop-eu".into()));
    assert_eq!(title(production), "PRODUCTION shop-eu (a.example:1) · order-a – Hindsight");
    let sandbox = App::new(Target::Sandbox, "order", Settings::default());
    assert_eq!(title(sandbox), "Sandbox · order-a – Hindsight");
    let mut app = at(Declaration::Production("\u{202e}ue\npohs\u{7}".into()));
    app.apply(Intent::List(ListIntent::Select(StreamName::new(&format!(
        "a\u{202e}\n\u{0}{}",
        "x".repeat(9_000)
    )))));
    let hostile = ui::title(&app);
    assert!(!hostile.contains(|c: char| c.is_control() || c == '\u{202e}'), "{hostile:?}");
    assert!(hostile.chars().count() < 250, "{hostile:?}");
    let places = [ui::Place::Sandbox, ui::Place::Server, ui::Place::Production].map(ui::window_icon);
    assert!(places.iter().all(|icon| icon.rgba.len() == 64 * 64 * 4));
    assert!(places[0] != places[1] && places[1] != places[2] && places[0] != places[2]);
}

#[test]
fn the_windows_title_is_said_when_it_is_another_one_only() {
    let mut window = Window::with_order(egui::Theme::Dark);
    let titles = |window: &mut Window| {
        let mut said = Vec::new();
        for _ in 0..20 {
            window.harness.step();
            let output = &window.harness.output().viewport_output[&ViewportId::ROOT];
            said.extend(output.commands.iter().filter_map(|command| match command {
                ViewportCommand::Title(title) => Some(title.clone()),
                ViewportCommand::Icon(_) => Some("an icon".to_owned()),
                _ => None,
            }));
        }
        said
    };
    titles(&mut window);
    assert_eq!(titles(&mut window), Vec::<String>::new(), "nothing changed");
    window.press(Modifiers::NONE, Key::Home);
    assert_eq!(titles(&mut window), Vec::<String>::new(), "it is still that stream");
    window.press(Modifiers::COMMAND, Key::K);
    window.harness.event(Event::Text("order-none".to_owned()));
    window.harness.run_steps(3);
    // Into the next frame itself: each event of the harness has one of its own.
    let enter = Event::Key {
        key: Key::Enter,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    window.harness.input_mut().events.push(enter);
    assert_eq!(titles(&mut window), ["Sandbox · order-none – Hindsight"], "once");
}

#[test]
fn twelve_nodes_with_long_names_fit_the_smallest_window() {
    let name = |n: u64| format!("eventstore-{n}.eu-central-1.production.shop.internal.example.com:2113");
    let mut nodes: Vec<_> = (0..10).map(|n| node(&name(n), NodeState::Follower, 1 + n)).collect();
    nodes[0].state = NodeState::Leader;
    nodes.push(node("[2001:db8:85a3:1234:5678:8a2e:370:7334]:65535", NodeState::Follower, 5));
    nodes.push(faulty("10.0.0.1:2113", NodeFault::Unreachable("No route to host (os error 113)".repeat(9))));
    let mut app = connected(&format!("esdb+discover://u:p@{}?tls=false", name(0)), &name(0));
    app.absorb(Update::Cluster(Cluster::new(nodes)));
    let mut drawn = Drawn::sized(app, 900.0, 600.0);
    let screen = Rect::from_min_size(Pos2::ZERO, egui::vec2(900.0, 600.0));
    let within = |drawn: &Drawn, name: &str| {
        let rect = drawn.0.get_by_label(name).rect();
        assert!(screen.contains_rect(rect), "{name}: {rect:?}");
    };
    for name in ["Connection", "Write mode", "Live", "Theme", "Keys"] {
        within(&drawn, name);
    }
    let button = drawn.0.get_by_label("Connection").rect();
    assert!(button.right() < drawn.0.get_by_label("Write mode").rect().left());
    drawn.click("Connection");
    within(&drawn, "Sandbox");
    within(&drawn, "Change this connection");
    let rows = drawn.nodes();
    assert!(rows.len() >= 5, "{rows:?}");
    assert!(rows.iter().all(|(_, rect)| rect.left() >= 0.0 && rect.right() <= 900.0), "{rows:?}");
}
