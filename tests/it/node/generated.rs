//! The committed protobuf code is what the generator makes of the `.proto` files.

use prost::Message as _;
use std::{fs, path::Path};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/node/proto");
const PROTOS: [&str; 8] = [
    "streams.proto",
    "gossip.proto",
    "server_features.proto",
    "monitoring.proto",
    "users.proto",
    "operations.proto",
    "persistent_subscriptions.proto",
    "projections.proto",
];

fn generate(into: &Path) {
    let files = protox::compile(PROTOS, [FOLDER]).unwrap();
    let files = prost_types::FileDescriptorSet::decode(files.encode_to_vec().as_slice()).unwrap();
    tonic_build::configure()
        .build_client(false)
        .build_transport(false)
        .bytes(["."])
        .btree_map(["."])
        .out_dir(into)
        .compile_fds(files)
        .unwrap();
}

/// `HINDSIGHT_REGENERATE=1` writes the files instead of comparing them.
#[test]
fn the_committed_code_is_up_to_date() {
    let fresh = tempfile::tempdir().unwrap();
    generate(fresh.path());
    for entry in fs::read_dir(fresh.path()).unwrap() {
        let entry = entry.unwrap();
        let text = fs::read_to_string(entry.path()).unwrap();
        let committed = Path::new(FOLDER).join(entry.file_name());
        if std::env::var_os("HINDSIGHT_REGENERATE").is_some() {
            fs::write(&committed, &text).unwrap();
        }
        assert_eq!(fs::read_to_string(&committed).unwrap_or_default(), text, "{}", committed.display());
    }
}
