import SwiftUI

struct ContentView: View {
    let name: String
    let count: Int

    var body: some View {
        VStack {
            Text("TERN")
            Text("Hello, \(name)")
            Text("\(count) birds seen", comment: "Headline of the diary")
            Button(String(localized: "New sighting", comment: "Button")) {}
        }
    }
}
