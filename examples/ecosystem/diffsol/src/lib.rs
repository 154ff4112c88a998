//! Right-hand sides with `#[grad(jvp, vjp)]` as diffsol wants them: products with the Jacobians by the state and by
//! the parameters apart, and those with the transposes with the sign of its adjoint equations, which is minus.

/// Makes a module with what diffsol asks of `fn rhs(u: &[f64], p: &[f64], t: f64, du: &mut [f64])`, annotated by
/// `#[grad(jvp, vjp, wrt(u, p))]`, of so many states and parameters:
///
/// * `jvp_u` and `jvp_p` for `rhs_implicit` and `rhs_sens_implicit`: J v;
/// * `minus_vjp_u` and `minus_vjp_p` for `rhs_adjoint_implicit`: −Jᵀ v.
///
/// ```
/// # use autodiff::grad;
/// #[grad(jvp, vjp, wrt(u, p))]
/// fn decay(u: &[f64], p: &[f64], t: f64, du: &mut [f64]) {
///     du[0] = -p[0] * u[0] * t;
/// }
/// autodiff_diffsol::products!(mod products of decay, states = 1, parameters = 1);
///
/// # fn main() {
/// let (mut forward, mut backward) = ([0.0], [0.0]);
/// products::jvp_p(&[3.0], &[0.5], 2.0, &[1.0], &mut forward);
/// products::minus_vjp_p(&[3.0], &[0.5], 2.0, &[1.0], &mut backward);
/// assert_eq!((forward, backward), ([-6.0], [6.0]));
/// # }
/// ```
#[macro_export]
macro_rules! products {
    ($visibility:vis mod $module:ident of $rhs:ident, states = $states:expr, parameters = $parameters:expr) => {
        /// Products with the Jacobians of the right-hand side.
        #[allow(dead_code, reason = "forward and adjoint sensitivities want different ones")]
        $visibility mod $module {
            use super::*;

            /// How the right-hand side changes with the state.
            pub fn jvp_u(u: &[f64], p: &[f64], t: f64, u_dot: &[f64], out: &mut [f64]) {
                $rhs::jvp(u, p, t, &mut [0.0; $states], u_dot, &[0.0; $parameters], out);
            }

            /// How it changes with the parameters.
            pub fn jvp_p(u: &[f64], p: &[f64], t: f64, p_dot: &[f64], out: &mut [f64]) {
                $rhs::jvp(u, p, t, &mut [0.0; $states], &[0.0; $states], p_dot, out);
            }

            /// Minus what the state gets of a cotangent.
            pub fn minus_vjp_u(u: &[f64], p: &[f64], t: f64, du_bar: &[f64], out: &mut [f64]) {
                out.fill(0.0);
                let mut du_bar: [f64; $states] = ::core::array::from_fn(|n| -du_bar[n]);
                $rhs::vjp(u, p, t, &mut [0.0; $states], out, &mut [0.0; $parameters], &mut du_bar);
            }

            /// Minus what the parameters get of it.
            pub fn minus_vjp_p(u: &[f64], p: &[f64], t: f64, du_bar: &[f64], out: &mut [f64]) {
                out.fill(0.0);
                let mut du_bar: [f64; $states] = ::core::array::from_fn(|n| -du_bar[n]);
                $rhs::vjp(u, p, t, &mut [0.0; $states], &mut [0.0; $states], out, &mut du_bar);
            }
        }
    };
}
