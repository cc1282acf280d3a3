//! What each file of `src` imports, read from its syntax: use trees, paths in code and in the arguments of macros.

use proc_macro2::{TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;
use syn::visit::Visit;
use syn::{Item, ItemMod, ItemUse, UseTree, Visibility};

/// Names from the root of the crate; empty for the root itself.
type ModulePath = Vec<String>;

/// One file of the crate.
#[derive(Debug, Default)]
pub struct SourceFile {
    /// Under `src`, with slashes.
    pub name: String,
    module: ModulePath,
    /// Modules, types, functions and so on that it defines.
    defines: BTreeSet<String>,
    /// Imported names and where they lead: its children and importers may use them by this module.
    aliases: BTreeMap<String, ModulePath>,
    globs: Vec<ModulePath>,
    /// Absolute paths inside the crate that its code names; re-exports are none.
    named: Vec<ModulePath>,
    /// Crates that it names.
    pub external: BTreeSet<String>,
}

/// All files and what leads from which to which.
#[derive(Debug)]
pub struct Imports {
    pub files: Vec<SourceFile>,
    /// By the files' names; no file leads to itself.
    pub edges: BTreeSet<(String, String)>,
}

pub static IMPORTS: LazyLock<Imports> = LazyLock::new(|| {
    let files = super::sources().into_iter().map(|(name, source)| SourceFile::parse(&name, &source));
    Imports::resolve(files.collect())
});

impl SourceFile {
    pub fn parse(name: &str, source: &str) -> Self {
        let path = Path::new(name).with_extension("");
        let mut module: ModulePath = path.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
            module.pop();
        }
        let mut file = Self { name: name.to_owned(), module, ..Self::default() };
        let syntax = syn::parse_file(source).unwrap();
        for item in &syntax.items {
            file.define(item);
        }
        let mut reader = Reader { file };
        reader.visit_file(&syntax);
        reader.file
    }

    fn define(&mut self, item: &Item) {
        let name = match item {
            Item::Const(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            Item::Fn(item) => &item.sig.ident,
            Item::Mod(item) => &item.ident,
            Item::Static(item) => &item.ident,
            Item::Struct(item) => &item.ident,
            Item::Trait(item) => &item.ident,
            Item::Type(item) => &item.ident,
            Item::Macro(item) => match &item.ident {
                Some(ident) => ident,
                None => return,
            },
            _ => return,
        };
        self.defines.insert(name.to_string());
    }

    /// The absolute path where it lies inside the crate.
    fn absolute(&self, path: &[String]) -> Option<ModulePath> {
        let mut at = match path.first()?.as_str() {
            "crate" | "hindsight" => return Some(path[1..].to_vec()),
            "self" => self.module.clone(),
            "super" => self.module[..self.module.len().checked_sub(1)?].to_vec(),
            name if self.defines.contains(name) => {
                return Some([&self.module[..], path].concat());
            }
            name => return Some([self.aliases.get(name)?, &path[1..]].concat()),
        };
        let mut rest = &path[1..];
        while rest.first().is_some_and(|name| name == "super") {
            at.pop();
            rest = &rest[1..];
        }
        at.extend_from_slice(rest);
        Some(at)
    }

    fn name(&mut self, path: &[String]) {
        match self.absolute(path) {
            Some(absolute) => self.named.push(absolute),
            None if path.len() > 1 => {
                self.external.insert(path[0].clone());
            }
            None => {}
        }
    }
}

struct Reader {
    file: SourceFile,
}

impl Reader {
    fn import(&mut self, tree: &UseTree, before: &[String], is_reexport: bool) {
        let joined = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.import(&path.tree, &joined(&path.ident), is_reexport),
            UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.import(tree, before, is_reexport));
            }
            UseTree::Glob(_) => {
                if let Some(path) = self.file.absolute(before) {
                    self.file.globs.push(path);
                }
                self.used(before, is_reexport);
            }
            UseTree::Name(name) if name.ident == "self" => {
                let alias = before.last().cloned().unwrap_or_default();
                self.alias(alias, before, is_reexport);
            }
            UseTree::Name(name) => self.alias(name.ident.to_string(), &joined(&name.ident), is_reexport),
            UseTree::Rename(rename) => {
                self.alias(rename.rename.to_string(), &joined(&rename.ident), is_reexport);
            }
        }
    }

    fn alias(&mut self, alias: String, path: &[String], is_reexport: bool) {
        self.used(path, is_reexport);
        if let Some(absolute) = self.file.absolute(path) {
            self.file.aliases.insert(alias, absolute);
        }
    }

    fn used(&mut self, path: &[String], is_reexport: bool) {
        if !is_reexport {
            self.file.name(path);
            if path.len() == 1 && self.file.absolute(path).is_none() {
                self.file.external.insert(path[0].clone());
            }
        }
    }

    /// Paths that begin at the root or a parent, or name a crate, in tokens that are no syntax yet.
    fn tokens(&mut self, tokens: TokenStream) {
        let (mut path, mut colons) = (Vec::<String>::new(), 0);
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if path.is_empty() || colons == 2 => {
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && !path.is_empty() => colons += 1,
                other => {
                    self.spelled(&std::mem::take(&mut path));
                    colons = 0;
                    match other {
                        TokenTree::Group(group) => self.tokens(group.stream()),
                        TokenTree::Ident(ident) => path.push(ident.to_string()),
                        _ => {}
                    }
                }
            }
        }
        self.spelled(&path);
    }

    fn spelled(&mut self, path: &[String]) {
        if path.len() > 1 {
            self.file.name(path);
        }
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
    })
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !is_test(&item.attrs) {
            syn::visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.import(&item.tree, &[], !matches!(item.vis, Visibility::Inherited));
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.spelled(&names);
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.tokens(item.tokens.clone());
        syn::visit::visit_macro(self, item);
    }
}

impl Imports {
    pub fn resolve(files: Vec<SourceFile>) -> Self {
        let mut imports = Self { files, edges: BTreeSet::new() };
        let mut edges = BTreeSet::new();
        for file in &imports.files {
            for path in &file.named {
                if let Some(target) = imports.defining(path, 16).filter(|target| *target != file.name) {
                    edges.insert((file.name.clone(), target.to_owned()));
                }
            }
        }
        imports.edges = edges;
        imports
    }

    fn module(&self, path: &[String]) -> Option<&SourceFile> {
        self.files.iter().find(|file| file.module == path && file.name != "main.rs")
    }

    /// The file that defines what the path leads to, through re-exports.
    fn defining(&self, path: &[String], depth: usize) -> Option<&str> {
        let depth = depth.checked_sub(1)?;
        let known = (0..=path.len()).rev().find(|&length| self.module(&path[..length]).is_some())?;
        let file = self.module(&path[..known])?;
        let Some(name) = path.get(known).filter(|name| !file.defines.contains(*name)) else {
            return Some(&file.name);
        };
        if let Some(alias) = file.aliases.get(name) {
            return self.defining(&[alias, &path[known + 1..]].concat(), depth);
        }
        let through = file.globs.iter().find_map(|glob| {
            let module = self.module(glob)?;
            let leads = module.defines.contains(name) || module.aliases.contains_key(name);
            leads.then(|| [glob, &path[known..]].concat())
        });
        through.map_or(Some(&file.name), |path| self.defining(&path, depth))
    }
}
