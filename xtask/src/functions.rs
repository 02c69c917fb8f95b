//! The length of every function, in lines from its signature to its closing brace.

use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

/// A function with its length.
pub(crate) struct Function {
    /// Its name.
    pub(crate) name: String,
    /// First line.
    pub(crate) line: usize,
    /// How many lines.
    pub(crate) lines: usize,
    /// Whether it stands in a test module or file.
    pub(crate) test: bool,
}

/// The functions of a source text.
pub(crate) fn of(text: &str, test_file: bool) -> syn::Result<Vec<Function>> {
    let mut gatherer = Gatherer { functions: Vec::new(), test: test_file };
    gatherer.visit_file(&syn::parse_file(text)?);
    Ok(gatherer.functions)
}

struct Gatherer {
    functions: Vec<Function>,
    test: bool,
}

impl Gatherer {
    fn take(&mut self, name: String, span: proc_macro2::Span) {
        let (line, end) = (span.start().line, span.end().line);
        self.functions.push(Function { name, line, lines: end - line + 1, test: self.test });
    }
}

impl<'ast> Visit<'ast> for Gatherer {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.take(
            item.sig.ident.to_string(),
            item.sig.span().join(item.block.span()).unwrap_or_else(|| item.span()),
        );
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.take(
            item.sig.ident.to_string(),
            item.sig.span().join(item.block.span()).unwrap_or_else(|| item.span()),
        );
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let before = self.test;
        self.test |= item.ident == "tests" || item.ident == "test";
        visit::visit_item_mod(self, item);
        self.test = before;
    }
}
