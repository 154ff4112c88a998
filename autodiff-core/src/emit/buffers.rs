//! Companions that leave the gradient in buffers of the caller's.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::body::Derivative;
use super::companions::{Companion, Context};
use super::shape;
use super::signature::result_type;
use crate::ir::Ty;
use crate::lower::signature::Param;

impl Context<'_> {
    /// Whether the gradient is also written into buffers.
    pub(crate) fn has_buffers(&self) -> bool {
        let run_time = self.signature.params.iter().any(|p| p.wanted && p.ty.is_run_time_sized());
        run_time || self.options.value_and_grad_into.is_some()
    }

    pub(crate) fn value_and_grad_into(&self, derivative: &Derivative<'_>) -> Companion {
        let buffers = self.buffers();
        let body = derivative.into_buffers(&buffers, None);
        self.with_buffers("value_and_grad_into", &buffers, &body)
    }

    pub(crate) fn value_and_grad_add(&self, derivative: &Derivative<'_>) -> Companion {
        let buffers = self.buffers();
        let body = derivative.added_to_buffers(&buffers);
        self.with_buffers("value_and_grad_add", &buffers, &body)
    }

    pub(crate) fn value_and_grad_with(&self, derivative: &Derivative<'_>) -> Companion {
        let buffers = self.buffers();
        let body = derivative.into_buffers(&buffers, Some(&self.workspace()));
        self.with_workspace(&buffers, &body)
    }

    /// A companion that has the memory of the caller's for its tapes, too.
    pub(crate) fn with_workspace(
        &self,
        buffers: &[(usize, Ident)],
        body: &TokenStream,
    ) -> Companion {
        let site = Span::mixed_site();
        let (workspace, path) = (self.workspace(), self.facade.path(site));
        let mut companion = self.with_buffers("value_and_grad_with", buffers, body);
        companion.extra.push((workspace, quote_spanned!(site=> &mut #path::Workspace)));
        companion
    }

    fn workspace(&self) -> Ident {
        self.fresh("workspace")
    }

    /// The names of the parameters that are buffers for the gradient.
    fn buffers(&self) -> Vec<(usize, Ident)> {
        let mut buffers = self.per_parameter("bar");
        let wanted = |at: usize| self.signature.params.get(at).is_some_and(|param| param.wanted);
        buffers.retain(|(at, _)| wanted(*at));
        buffers
    }

    /// A companion that has the gradient in buffers of the caller's.
    pub(crate) fn with_buffers(
        &self,
        name: &'static str,
        buffers: &[(usize, Ident)],
        body: &TokenStream,
    ) -> Companion {
        let site = Span::mixed_site();
        let mut checks = TokenStream::new();
        let mut extra = Vec::new();
        for (at, name) in buffers {
            let Some(param) = self.signature.params.get(*at) else { continue };
            let ty = shape::buffer(&param.ty, &self.facade);
            extra.push((name.clone(), quote_spanned!(site=> &mut #ty)));
            checks.extend(self.length_check(param, name));
        }
        let body = quote_spanned!(site=> #checks #body);
        self.companion(name, &result_type(self.signature), &extra, &body)
    }

    /// A buffer is as long as its parameter.
    pub(crate) fn length_check(&self, param: &Param, buffer: &Ident) -> TokenStream {
        let site = Span::mixed_site();
        let (Ty::Slice(_) | Ty::Vec(_), Some(primal)) = (param.ty.behind_refs(), param.ident())
        else {
            return TokenStream::new();
        };
        let private = self.facade.private();
        let text = crate::lower::plain_name(primal);
        quote_spanned!(site=> #private::check_length(#text, #primal.len(), #buffer.len());)
    }
}
