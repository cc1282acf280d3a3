//! Why a database denies something.

use crate::store::Denial;

pub fn denial(denial: &Denial) -> String {
    match denial {
        Denial::Anonymous => {
            "The server asks who you are. Write user:password@ before the host in the connection string."
                .to_owned()
        }
        Denial::Login(user) => format!(
            "The server does not accept the user {user:?} with this password. Check both in the connection string; the user may also be disabled."
        ),
        Denial::Rights(user) => format!(
            "The user {user:?} is known and may not do this. Ask an administrator for the right, or connect as another user."
        ),
        Denial::Unclear => {
            "Access denied. Check the user and password in the connection string, and the user's rights."
                .to_owned()
        }
        Denial::Listing(user) => format!(
            "The user {user:?} may read neither $all nor $streams, so streams cannot be listed. Open a stream by its name, or connect as an administrator."
        ),
        Denial::SystemStream(stream) => {
            format!("{stream} belongs to the database. Nothing is written to streams that begin with $.")
        }
    }
}
