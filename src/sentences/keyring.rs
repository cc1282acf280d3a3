//! What the keyring says.

use crate::app::KeyringFault;
use crate::record::json::one_line;

/// Longest text of the system's.
const SHOWN: usize = 160;

pub fn keyring_fault(fault: &KeyringFault) -> String {
    let short = |why: &str| one_line(why.as_bytes(), SHOWN);
    match fault {
        KeyringFault::Absent(why) => {
            format!(
                "This system has no keyring, or it does not open ({}). The password stays in memory.",
                short(why)
            )
        }
        KeyringFault::Failed(why) => {
            format!("The keyring failed: {}. The password stays in memory.", short(why))
        }
    }
}
