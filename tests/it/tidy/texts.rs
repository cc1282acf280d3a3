//! The texts in a file's code.

use proc_macro2::{TokenStream, TokenTree};

/// Every string literal, those in macros too; documentation and other attributes have none.
pub fn texts(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(source.parse().unwrap(), &mut found);
    found
}

fn collect(tokens: TokenStream, found: &mut Vec<String>) {
    let mut after_hash = false;
    for token in tokens {
        let is_attribute = std::mem::take(&mut after_hash);
        match token {
            TokenTree::Group(group) if !is_attribute => collect(group.stream(), found),
            TokenTree::Literal(literal) => {
                if let Ok(text) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                    found.push(text.value());
                }
            }
            // The `!` of an inner attribute stands between.
            TokenTree::Punct(punct) => {
                after_hash = punct.as_char() == '#' || (is_attribute && punct.as_char() == '!');
            }
            TokenTree::Group(_) | TokenTree::Ident(_) => {}
        }
    }
}
