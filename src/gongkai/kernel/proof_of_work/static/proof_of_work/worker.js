// Finds the number behind a challenge by trying. SHA-256 in plain script: crypto.subtle is there under HTTPS only.
"use strict";

var K = (function () {
  var found = [];
  function isPrime(n) {
    for (var d = 2; d * d <= n; d += 1) if (n % d === 0) return false;
    return true;
  }
  for (var n = 2; found.length < 64; n += 1) {
    if (isPrime(n)) found.push(((Math.cbrt(n) % 1) * 4294967296) | 0);
  }
  return found;
})();
var START = [1779033703, -1150833019, 1013904242, -1521486534, 1359893119, -1694144372, 528734635, 1541459225];

function compress(state, words) {
  for (var i = 16; i < 64; i += 1) {
    var x = words[i - 15], y = words[i - 2];
    var s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    var s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[i] = (words[i - 16] + s0 + words[i - 7] + s1) | 0;
  }
  var a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (i = 0; i < 64; i += 1) {
    var t1 = (h + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) +
      ((e & f) ^ (~e & g)) + K[i] + words[i]) | 0;
    var t2 = ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) +
      ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d;
  state[4] += e; state[5] += f; state[6] += g; state[7] += h;
}

function sha256(text) {
  // Salt and number are plain letters and digits.
  var length = text.length, words = new Int32Array(64), state = new Int32Array(START);
  var blocks = ((length + 8) >> 6) + 1;
  for (var block = 0; block < blocks; block += 1) {
    words.fill(0, 0, 16);
    for (var at = 0; at < 64; at += 1) {
      var place = block * 64 + at;
      var sign = place < length ? text.charCodeAt(place) : place === length ? 128 : 0;
      words[at >> 2] |= sign << (24 - (at & 3) * 8);
    }
    if (block === blocks - 1) words[15] = length * 8;
    compress(state, words);
  }
  return Array.from(state, function (word) { return (word >>> 0).toString(16).padStart(8, "0"); }).join("");
}

self.onmessage = function (event) {
  var asked = event.data;
  for (var number = 0; number <= asked.maxnumber; number += 1) {
    if (sha256(asked.salt + number) === asked.challenge) {
      self.postMessage({ number: number });
      return;
    }
  }
  self.postMessage({ number: -1 });
};
