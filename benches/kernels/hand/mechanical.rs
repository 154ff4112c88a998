//! The gradient of the fitted hand by hand: the adjoint of each statement, last first.

use super::{BONES, Frame, Hand, around, product, turned};

fn bone_of(finger: usize, joint: usize) -> usize {
    4 * finger + joint
}

/// c = a b; `a_bar` and `b_bar` are added to.
fn product_reverse(a: &Frame, b: &Frame, c_bar: &Frame, a_bar: &mut Frame, b_bar: &mut Frame) {
    for i in 0..3 {
        a_bar[i][3] += c_bar[i][3];
        for j in 0..4 {
            for k in 0..3 {
                a_bar[i][k] += c_bar[i][j] * b[k][j];
                b_bar[k][j] += c_bar[i][j] * a[i][k];
            }
        }
    }
}

fn turned_reverse([x, z, y]: [f64; 3], bar: &Frame) -> [f64; 3] {
    let (sx, cx) = x.sin_cos();
    let (sy, cy) = y.sin_cos();
    let (sz, cz) = z.sin_cos();
    let by_sx = bar[0][1] * cz * sy + bar[0][2] * sz + bar[1][1] * sz * sy - bar[1][2] * cz
        + bar[2][1] * cy;
    let by_cx = bar[0][2] * cz * sy - bar[0][1] * sz
        + bar[1][1] * cz
        + bar[1][2] * sz * sy
        + bar[2][2] * cy;
    let by_sy =
        (bar[0][1] * sx + bar[0][2] * cx) * cz + (bar[1][1] * sx + bar[1][2] * cx) * sz - bar[2][0];
    let by_cy = bar[0][0] * cz + bar[1][0] * sz + bar[2][1] * sx + bar[2][2] * cx;
    let by_sz =
        bar[0][2] * sx - bar[0][1] * cx + bar[1][0] * cy + (bar[1][1] * sx + bar[1][2] * cx) * sy;
    let by_cz =
        bar[0][0] * cy + (bar[0][1] * sx + bar[0][2] * cx) * sy + bar[1][1] * cx - bar[1][2] * sx;
    [by_sx * cx - by_cx * sx, by_sz * cz - by_cz * sz, by_sy * cy - by_cy * sy]
}

fn around_reverse(axis: [f64; 3], bar: &[[f64; 3]; 3]) -> [f64; 3] {
    let norm = (axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]).sqrt();
    if norm < 1e-4 {
        return [0.0; 3];
    }
    let [x, y, z] = [axis[0] / norm, axis[1] / norm, axis[2] / norm];
    let (s, c) = norm.sin_cos();
    // What x y, x z and y z are multiplied with, and what x, y and z.
    let (xy, xz, yz) = (bar[0][1] + bar[1][0], bar[0][2] + bar[2][0], bar[1][2] + bar[2][1]);
    let (by_x, by_y, by_z) = (bar[2][1] - bar[1][2], bar[0][2] - bar[2][0], bar[1][0] - bar[0][1]);
    let s_bar = by_x * x + by_y * y + by_z * z;
    let c_bar = bar[0][0] * (1.0 - x * x) + bar[1][1] * (1.0 - y * y) + bar[2][2] * (1.0 - z * z)
        - xy * x * y
        - xz * x * z
        - yz * y * z;
    let rest = 1.0 - c;
    let unit_bar = [
        (2.0 * bar[0][0] * x + xy * y + xz * z) * rest + by_x * s,
        (2.0 * bar[1][1] * y + xy * x + yz * z) * rest + by_y * s,
        (2.0 * bar[2][2] * z + xz * x + yz * y) * rest + by_z * s,
    ];
    let along = unit_bar[0] * x + unit_bar[1] * y + unit_bar[2] * z;
    let norm_bar = s_bar * c - c_bar * s - along / norm;
    [0, 1, 2].map(|i| unit_bar[i] / norm + norm_bar * axis[i] / norm)
}

pub(super) fn mechanical(
    pose: &[f64],
    places: &[f64],
    hand: &Hand,
    pose_bar: &mut [f64],
    places_bar: &mut [f64],
) -> f64 {
    pose_bar.fill(0.0);
    let mut angles = [[0.0; 3]; BONES];
    for finger in 0..5 {
        let first = 6 + 4 * finger;
        angles[bone_of(finger, 2)] = [pose[first], pose[first + 1], 0.0];
        angles[bone_of(finger, 3)][0] = pose[first + 2];
        angles[bone_of(finger, 4)][0] = pose[first + 3];
    }
    let mut turns = [[[0.0; 4]; 3]; BONES];
    let mut relative = [[[0.0; 4]; 3]; BONES];
    let mut absolute = [[[0.0; 4]; 3]; BONES];
    let mut skin = vec![[0.0; 3]; hand.vertices.len()];
    for bone in 0..BONES {
        turns[bone] = turned(angles[bone]);
        relative[bone] = product(&hand.relative[bone], &turns[bone]);
        absolute[bone] = match hand.parents[bone] {
            Some(parent) => product(&absolute[parent], &relative[bone]),
            None => relative[bone],
        };
        let moved = product(&absolute[bone], &hand.inverse[bone]);
        for v in 0..hand.vertices.len() {
            let (p, weight) = (hand.vertices[v], hand.weights[bone * hand.vertices.len() + v]);
            for i in 0..3 {
                skin[v][i] += weight
                    * (moved[i][0] * p[0] + moved[i][1] * p[1] + moved[i][2] * p[2] + moved[i][3]);
            }
        }
    }
    let mut skin_bar = vec![[0.0; 3]; hand.vertices.len()];
    let sum = residuals(pose, places, hand, &skin, &mut skin_bar, pose_bar, places_bar);
    let mut absolute_bar = [[[0.0; 4]; 3]; BONES];
    let mut angles_bar = [[0.0; 3]; BONES];
    // What goes to the fixed parts of a hand is thrown away.
    let mut unread = [[0.0; 4]; 3];
    for bone in (0..BONES).rev() {
        let mut moved_bar = [[0.0; 4]; 3];
        for v in 0..hand.vertices.len() {
            let (p, weight) = (hand.vertices[v], hand.weights[bone * hand.vertices.len() + v]);
            for i in 0..3 {
                let bar = weight * skin_bar[v][i];
                moved_bar[i][0] += bar * p[0];
                moved_bar[i][1] += bar * p[1];
                moved_bar[i][2] += bar * p[2];
                moved_bar[i][3] += bar;
            }
        }
        let mut own = absolute_bar[bone];
        product_reverse(&absolute[bone], &hand.inverse[bone], &moved_bar, &mut own, &mut unread);
        let mut relative_bar = [[0.0; 4]; 3];
        match hand.parents[bone] {
            Some(parent) => product_reverse(
                &absolute[parent],
                &relative[bone],
                &own,
                &mut absolute_bar[parent],
                &mut relative_bar,
            ),
            None => relative_bar = own,
        }
        let mut turn_bar = [[0.0; 4]; 3];
        product_reverse(
            &hand.relative[bone],
            &turns[bone],
            &relative_bar,
            &mut unread,
            &mut turn_bar,
        );
        angles_bar[bone] = turned_reverse(angles[bone], &turn_bar);
    }
    for finger in 0..5 {
        let first = 6 + 4 * finger;
        pose_bar[first] += angles_bar[bone_of(finger, 2)][0];
        pose_bar[first + 1] += angles_bar[bone_of(finger, 2)][1];
        pose_bar[first + 2] += angles_bar[bone_of(finger, 3)][0];
        pose_bar[first + 3] += angles_bar[bone_of(finger, 4)][0];
    }
    sum
}

/// The sum over the points, each of which is reversed right away.
fn residuals(
    pose: &[f64],
    places: &[f64],
    hand: &Hand,
    skin: &[[f64; 3]],
    skin_bar: &mut [[f64; 3]],
    pose_bar: &mut [f64],
    places_bar: &mut [f64],
) -> f64 {
    let axis = [pose[0], pose[1], pose[2]];
    let rotation = around(axis);
    let mut rotation_bar = [[0.0; 3]; 3];
    let mut sum = 0.0;
    for k in 0..hand.points.len() {
        let [a, b, c] = hand.corners[k];
        let (u, v) = (places[2 * k], places[2 * k + 1]);
        let p: [f64; 3] =
            std::array::from_fn(|i| u * skin[a][i] + v * skin[b][i] + (1.0 - u - v) * skin[c][i]);
        let mut p_bar = [0.0; 3];
        for i in 0..3 {
            let turned = rotation[i][0] * p[0] + rotation[i][1] * p[1] + rotation[i][2] * p[2];
            let residual = hand.points[k][i] - (turned + pose[3 + i]);
            sum += 0.5 * residual * residual;
            pose_bar[3 + i] -= residual;
            for j in 0..3 {
                rotation_bar[i][j] -= residual * p[j];
                p_bar[j] -= residual * rotation[i][j];
            }
        }
        let (mut u_bar, mut v_bar) = (0.0, 0.0);
        for i in 0..3 {
            u_bar += p_bar[i] * (skin[a][i] - skin[c][i]);
            v_bar += p_bar[i] * (skin[b][i] - skin[c][i]);
            skin_bar[a][i] += p_bar[i] * u;
            skin_bar[b][i] += p_bar[i] * v;
            skin_bar[c][i] += p_bar[i] * (1.0 - u - v);
        }
        places_bar[2 * k] = u_bar;
        places_bar[2 * k + 1] = v_bar;
    }
    pose_bar[..3].copy_from_slice(&around_reverse(axis, &rotation_bar));
    sum
}
