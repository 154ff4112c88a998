//! Without a transcendental function every bit is determined: values and derivatives are the same
//! in debug and release builds, on every machine, as recorded here.

use autodiff::grad;

#[grad(jvp)]
fn stencil(u0: &[f64], k: f64) -> f64 {
    let mut u = u0.to_vec();
    for _ in 0..7 {
        let mut left = u[0];
        for i in 1..u.len() - 1 {
            let here = u[i];
            u[i] += k * (left - 2.0 * here + u[i + 1]) * (1.0 - here);
            left = here;
        }
    }
    let mut s = 0.0;
    for x in &u {
        s += x * x / (1.0 + x.abs());
    }
    s.sqrt()
}

#[grad(jvp)]
fn rational(x: f64, y: f64) -> Result<f64, i32> {
    if y == 0.0 {
        return Err(1);
    }
    let mut z = x.mul_add(y, 0.1);
    for i in 1..6 {
        z = if z > 1.0 { z / y - x } else { (z * z + x).sqrt() * f64::from(i) };
    }
    Ok(z.max(x) + (x / y).abs())
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn a_stencil_gives_these_bits() {
    let u = [0.0, 0.9, 0.3, 0.7, 0.1];
    let (value, (u_bar, k_bar)) = stencil_value_and_grad(&u, 0.21);
    let (_, along) = stencil_jvp(&u, 0.21, &[1.0, 0.5, 0.25, 0.125, 1.0], 0.3);
    let mut all = vec![value, k_bar, along];
    all.extend(u_bar);
    assert_eq!(bits(&all), STENCIL);
}

#[test]
fn a_rational_function_gives_these_bits() {
    let (value, (x_bar, y_bar)) = rational_value_and_grad(0.3, 0.7).unwrap();
    let (_, along) = rational_jvp(0.3, 0.7, 0.5, -1.5).unwrap();
    assert_eq!(bits(&[value, x_bar, y_bar, along]), RATIONAL);
    assert_eq!(rational_grad(0.3, 0.0), Err(1));
}

const STENCIL: [u64; 8] = [
    0x3fe7_fac6_2cbd_9065,
    0xbfed_c66d_5b3f_7f6b,
    0x3fef_9990_f7fc_1616,
    0x3fc6_caab_7dcd_57fb,
    0x3ff5_e618_f6c3_aa6e,
    0x3fc4_524a_cbe3_63b1,
    0x3fd9_49bc_2f2e_8fee,
    0x3fd4_2b8e_3481_3950,
];
const RATIONAL: [u64; 4] =
    [0x400f_9efc_91f9_01ca, 0x4015_dba6_be4a_d26c, 0xc032_7342_db21_c1e9, 0x403e_6859_207b_fd2a];
