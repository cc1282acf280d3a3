//! What was written last is read from memory: as it is read from the file.

use super::basics::events;
use crate::run;
use eventstore::{
    AppendToStreamOptions, Client, DeleteStreamOptions, EventData, ReadEvent, ReadStreamOptions,
    RecordedEvent, ResolvedEvent, StreamPosition, TombstoneStreamOptions,
};
use hindsight::node::{Config, Node, Storage};
use proptest::prelude::*;

const STREAMS: [&str; 5] = ["a-1", "b-1", "$streams", "$ce-a", "$$a-1"];

#[derive(Debug, Clone)]
enum Step {
    Append(usize, usize),
    Limit(usize, &'static str, u64),
    Delete(usize),
    Tombstone(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let limit = prop::sample::select(vec!["$tb", "$maxCount"]);
    prop_oneof![
        6 => (0..2_usize, prop::sample::select(vec![0, 1, 1, 2, 30, 400])).prop_map(|(of, count)| Step::Append(of, count)),
        2 => (0..4_usize, limit, 1..40_u64).prop_map(|(of, name, number)| Step::Limit(of, name, number)),
        1 => (0..2_usize).prop_map(Step::Delete),
        1 => Just(Step::Tombstone(1)),
    ]
}

/// What is refused is refused.
async fn take(client: &Client, step: &Step) {
    let any = AppendToStreamOptions::default();
    match *step {
        Step::Append(of, count) => drop(client.append_to_stream(STREAMS[of], &any, events(count)).await),
        Step::Limit(of, name, number) => {
            let limit = EventData::json("$metadata", &serde_json::json!({ name: number })).unwrap();
            drop(client.append_to_stream(format!("$${}", STREAMS[of]), &any, limit).await);
        }
        Step::Delete(of) => drop(client.delete_stream(STREAMS[of], &DeleteStreamOptions::default()).await),
        Step::Tombstone(of) => {
            drop(client.tombstone_stream(STREAMS[of], &TombstoneStreamOptions::default()).await);
        }
    }
}

fn words(event: &ResolvedEvent) -> String {
    let recorded = event.get_original_event();
    // Without order, as they come.
    let mut metadata: Vec<_> = recorded.metadata.iter().collect();
    metadata.sort();
    let (place, at) = (recorded.position.commit, event.commit_position);
    let RecordedEvent { stream_id, id, revision, data, custom_metadata, is_json, .. } = recorded;
    format!("{stream_id} {id} {revision} {data:?} {custom_metadata:?} {is_json} {metadata:?} {place} {at:?}")
}

/// All that a read is answered, in words.
async fn answer(client: &Client, stream: &str, options: &ReadStreamOptions) -> Vec<String> {
    let mut read = match client.read_stream(stream, options).await {
        Ok(read) => read,
        Err(error) => return vec![format!("{error:?}")],
    };
    let mut said = Vec::new();
    loop {
        said.push(match read.next_read_event().await {
            Ok(Some(ReadEvent::Event(event))) => words(&event),
            Ok(Some(ReadEvent::FirstStreamPosition(at))) => format!("first {at}"),
            Ok(Some(ReadEvent::LastStreamPosition(at))) => format!("last {at}"),
            Ok(Some(ReadEvent::LastAllStreamPosition(_))) => "last of all".to_owned(),
            Ok(None) => return said,
            Err(error) => {
                said.push(format!("{error:?}"));
                return said;
            }
        });
    }
}

async fn answers(client: &Client) -> Vec<Vec<String>> {
    let mut answers = Vec::new();
    for stream in STREAMS {
        for at in [
            StreamPosition::Start,
            StreamPosition::End,
            StreamPosition::Position(2),
            StreamPosition::Position(35),
        ] {
            for count in [1, 3, 300, usize::MAX] {
                let options = ReadStreamOptions::default().position(at).max_count(count);
                if at != StreamPosition::End {
                    answers.push(answer(client, stream, &options.clone()).await);
                }
                answers.push(answer(client, stream, &options.clone().backwards().resolve_link_tos()).await);
            }
        }
    }
    answers
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn a_read_is_answered_from_memory_as_it_is_from_the_file(steps in prop::collection::vec(step(), 1..14)) {
        run(async {
            let folder = tempfile::tempdir().unwrap();
            let config = Config { storage: Storage::File(folder.path().join("log.db")), ..Config::default() };
            let mut told = Vec::new();
            for is_new in [true, false] {
                let node = Node::start(config.clone()).await.unwrap();
                let client = Client::new(node.connection_string().parse().unwrap()).unwrap();
                if is_new {
                    for step in &steps {
                        take(&client, step).await;
                    }
                }
                told.push(answers(&client).await);
                drop(client);
                node.shutdown().await;
            }
            let (memory, file) = (&told[0], &told[1]);
            let other = memory.iter().zip(file).find(|(memory, file)| memory != file);
            assert_eq!(other, None);
        });
    }
}
