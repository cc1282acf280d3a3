//! Circles of imports between the files and folders of one folder.

use std::collections::{BTreeMap, BTreeSet};

/// The entries of each folder and the imports between them: a file stands for itself, a folder for all that is in it.
pub fn levels(edges: &BTreeSet<(String, String)>) -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    let mut levels: BTreeMap<String, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for (from, to) in edges {
        let common = from.split('/').zip(to.split('/')).take_while(|(a, b)| a == b).count();
        let entry = |name: &str| name.split('/').nth(common).unwrap_or_default().to_owned();
        let folder: Vec<&str> = from.split('/').take(common).collect();
        levels.entry(folder.join("/")).or_default().entry(entry(from)).or_default().insert(entry(to));
    }
    levels
}

/// A shortest way from an entry back to itself.
fn way_back<'a>(graph: &'a BTreeMap<String, BTreeSet<String>>, start: &'a str) -> Option<Vec<&'a str>> {
    let mut ways = vec![vec![start]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in graph.get(*way.last()?).into_iter().flatten() {
                let way = [&way[..], &[next.as_str()]].concat();
                if next == start {
                    return Some(way);
                }
                if seen.insert(next) {
                    longer.push(way);
                }
            }
        }
        ways = longer;
    }
    None
}

/// Each circle once, as the way around it and an import for each step: `store: a.rs → b → a.rs (…)`.
pub fn circles(edges: &BTreeSet<(String, String)>) -> Vec<String> {
    let mut found = Vec::new();
    for (folder, graph) in levels(edges) {
        let mut told = BTreeSet::new();
        for start in graph.keys() {
            let Some(way) = way_back(&graph, start).filter(|way| !way.iter().any(|name| told.contains(name)))
            else {
                continue;
            };
            let steps: Vec<_> =
                way.windows(2).map(|step| example(edges, &folder, step[0], step[1])).collect();
            found.push(format!("{folder}: {} ({})", way.join(" → "), steps.join(", ")));
            told.extend(way);
        }
    }
    found
}

/// An import that leads from one entry of a folder to another.
fn example(edges: &BTreeSet<(String, String)>, folder: &str, from: &str, to: &str) -> String {
    let is_in = |file: &str, entry: &str| {
        let path = if folder.is_empty() { entry.to_owned() } else { format!("{folder}/{entry}") };
        file == path || file.starts_with(&format!("{path}/"))
    };
    let found = edges.iter().find(|(a, b)| is_in(a, from) && is_in(b, to));
    found.map_or_else(String::new, |(a, b)| format!("{a} → {b}"))
}
