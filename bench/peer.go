// A signer over HTTP with nothing else to do: no authentication, no record, one key in memory. What
// it takes is the least that a service in Go would take.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
)

func main() {
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listener, http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err == nil {
			digest := sha512.Sum384(body)
			var signature []byte
			if signature, err = ecdsa.SignASN1(rand.Reader, key, digest[:]); err == nil {
				json.NewEncoder(answer).Encode(map[string]string{
					"signature": base64.StdEncoding.EncodeToString(signature)})
				return
			}
		}
		http.Error(answer, err.Error(), http.StatusInternalServerError)
	})))
}
