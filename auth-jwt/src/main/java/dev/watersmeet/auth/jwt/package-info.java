/** JSON Web Tokens (RFC 7519) as bearer tokens: what they have to hold, and what they grant. */
package dev.watersmeet.auth.jwt;
