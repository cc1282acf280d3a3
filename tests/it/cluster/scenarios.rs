//! Seeded scenarios: a cluster fails while window, terminal and API use it, and all that they saw and said is the log.

use super::commands::{self, Said, Seen};
use super::faults::{Fate, Reign};
use super::nodes::Nodes;
use super::script::{Fault, Script};
use super::verdict;
use super::writes::Window;
use crate::api::Service;
use futures::{StreamExt, stream};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Scenarios of a usual run, and those that run at once.
const USUAL: u64 = 12;
const AT_ONCE: u64 = 4;
/// One that takes longer hangs.
const HANGS: Duration = Duration::from_mins(3);
/// Longest pause that is no failure: the machine may be busy.
const LONGEST: Duration = Duration::from_secs(10);

/// What a pause should stay under on a machine that has nothing else to do.
const GOAL: Duration = Duration::from_secs(1);

/// How long after a leader existed the window showed what it wrote, and a write went through.
#[derive(Debug, Clone, Copy)]
struct Pause {
    seed: u64,
    fault: Fault,
    shown: Option<Duration>,
    written: Option<Duration>,
}

#[derive(Default)]
struct Outcome {
    pauses: Vec<Pause>,
    counts: BTreeMap<&'static str, usize>,
}

async fn play(script: Script) -> Outcome {
    let nodes = if script.has_replica { Nodes::with_replica().await } else { Nodes::start().await };
    let url = nodes.url(script.options);
    let service = Service::before(&url).await;
    let mut window = Window::of(&url, script.seed);
    window.screen.until("caught up", |screen| screen.caught_up).await;
    let (stop, stopped) = watch::channel(false);
    let (shown, showing) = watch::channel(0);
    let mut fate = Fate::of(&nodes);
    let reigning = fate.count.subscribe();
    let fate = async {
        for step in &script.steps {
            fate.befall(step).await;
            if step.patient {
                let (all, mut showing) = (fate.reigns.len(), showing.clone());
                let wait = showing.wait_for(|shown| *shown >= all);
                assert!(
                    tokio::time::timeout(LONGEST * 2, wait).await.is_ok(),
                    "the window does not come back"
                );
            }
        }
        fate.heal();
        stop.send_replace(true);
        fate.reigns
    };
    let terminal = tokio::spawn(commands::terminal(url.clone(), script.seed, stopped.clone()));
    let (reigns, (), by_api) = tokio::join!(
        fate,
        window.run(&stopped, &reigning, &shown),
        commands::client(&service, script.seed, stopped.clone())
    );
    let by_terminal = terminal.await.unwrap();
    let logged = verdict::settle(&mut window, &nodes).await;
    verdict::writes_are_true(&window, &logged);
    verdict::window_is_true(&window, &nodes, &logged).await;
    verdict::commands_are_true(&by_terminal, &logged);
    verdict::commands_are_true(&by_api, &logged);
    verdict::shows_the_log(&nodes, &service, &logged).await;
    outcome(&script, &window, &reigns, [("terminal", &by_terminal), ("api", &by_api)])
}

fn outcome(script: &Script, window: &Window, reigns: &[Reign], seen: [(&'static str, &Seen); 2]) -> Outcome {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for kind in window.kinds() {
        *counts.entry(kind).or_default() += 1;
    }
    *counts.entry("unknown for good").or_default() += window.unknown();
    for (who, seen) in seen {
        *counts.entry("api: repeated").or_default() += seen.repeats;
        for told in &seen.told {
            let kind = match (who, told.said) {
                ("terminal", Said::Written) => "terminal: written",
                ("terminal", Said::NotWritten) => "terminal: not written",
                ("terminal", Said::NotKnown) => "terminal: not known",
                (_, Said::Written) => "api: written",
                (_, Said::NotWritten) => "api: not written",
                (_, Said::NotKnown) => "api: not known",
            };
            *counts.entry(kind).or_default() += 1;
        }
    }
    let pause = |(number, reign): (usize, &Reign)| {
        let arrived = window.screen.records.iter().find(|(record, _)| record.id == reign.marker);
        // Another node than the leader may lag.
        let arrived = arrived.filter(|_| script.options.is_empty());
        Pause {
            seed: script.seed,
            fault: reign.fault,
            shown: arrived.map(|(_, at)| at.saturating_duration_since(reign.since)),
            written: window.written(number).map(|at| at.saturating_duration_since(reign.since)),
        }
    };
    let measured = reigns.iter().enumerate().filter(|(_, reign)| reign.is_measured);
    Outcome { pauses: measured.map(pause).collect(), counts }
}

/// The text of a panic.
fn why(panic: tokio::task::JoinError) -> String {
    let panic = panic.into_panic();
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default()
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

/// `HINDSIGHT_SCENARIOS` says how many, `HINDSIGHT_AT_ONCE` how many at a time, `HINDSIGHT_SCENARIO` which one alone.
#[test]
fn whatever_befalls_a_cluster_what_is_seen_and_said_is_its_log() {
    let seeds = match number("HINDSIGHT_SCENARIO") {
        Some(seed) => seed..seed + 1,
        None => 0..number("HINDSIGHT_SCENARIOS").unwrap_or(USUAL),
    };
    let count = seeds.end - seeds.start;
    let began = Instant::now();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let played: Vec<_> = runtime.block_on(
        stream::iter(seeds)
            .map(|seed| async move {
                let script = Script::of(seed);
                let playing = tokio::spawn(tokio::time::timeout(HANGS, play(script.clone())));
                let result = match playing.await {
                    Ok(Ok(outcome)) => Ok(outcome),
                    Ok(Err(_)) => Err("it hangs".to_owned()),
                    Err(panic) => Err(why(panic)),
                };
                result.map_err(|why| format!("HINDSIGHT_SCENARIO={seed} fails: {why}\n{script:#?}"))
            })
            .buffer_unordered(usize::try_from(number("HINDSIGHT_AT_ONCE").unwrap_or(AT_ONCE)).unwrap())
            .collect(),
    );
    runtime.shutdown_timeout(Duration::from_secs(1));
    let (mut failed, mut pauses, mut counts) = (Vec::new(), Vec::new(), BTreeMap::new());
    for result in played {
        match result {
            Ok(outcome) => {
                pauses.extend(outcome.pauses);
                outcome.counts.into_iter().for_each(|(kind, n)| *counts.entry(kind).or_insert(0) += n);
            }
            Err(why) => failed.push(why),
        }
    }
    let report = report(count, began.elapsed(), &pauses, &counts);
    writeln!(std::io::stderr(), "{report}").unwrap();
    assert!(failed.is_empty(), "{} of {count} fail\n{}", failed.len(), failed.join("\n\n"));
    let longest = pauses.iter().flat_map(|pause| [pause.shown, pause.written]).flatten().max();
    assert!(longest.is_none_or(|longest| longest < LONGEST), "{longest:?} after a leader existed\n{report}");
}

fn report(count: u64, took: Duration, pauses: &[Pause], counts: &BTreeMap<&'static str, usize>) -> String {
    let mut text = format!("{count} scenarios in {:.0} s, {counts:?}\n", took.as_secs_f64());
    let longest = |name: &str, pauses: &[Pause], of: fn(&Pause) -> Option<Duration>| {
        let mut times: Vec<_> = pauses.iter().filter_map(|pause| Some((of(pause)?, pause.seed))).collect();
        times.sort_unstable();
        let late = times.iter().filter(|(time, _)| *time > GOAL).count();
        let Some((time, seed)) = times.last() else { return String::new() };
        let median = times[times.len() / 2].0;
        format!("; {name}: median {median:.2?}, longest {time:.2?} (seed {seed}), over {GOAL:?}: {late}")
    };
    let mut line = |name: String, pauses: &[Pause]| {
        let shown = longest("until shown", pauses, |pause| pause.shown);
        let written = longest("until a write sent then went through", pauses, |pause| pause.written);
        writeln!(text, "{name}: {} times{shown}{written}", pauses.len()).unwrap();
    };
    let mut by_fault: BTreeMap<Fault, Vec<Pause>> = BTreeMap::new();
    for pause in pauses {
        by_fault.entry(pause.fault).or_default().push(*pause);
    }
    line("a leader exists".to_owned(), pauses);
    for (fault, pauses) in &by_fault {
        line(format!("  {fault:?}"), pauses);
    }
    text
}
